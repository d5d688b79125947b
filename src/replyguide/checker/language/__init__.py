"""How a reply is read: characters folded, clauses, words with their polarity, quantities."""
