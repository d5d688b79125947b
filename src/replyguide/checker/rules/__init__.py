"""Rules as data: their forms, their loading, and where a reply takes them."""
