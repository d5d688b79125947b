"""The HTTP interface: a thin face on the copilot. No decision about a reply is made here."""
