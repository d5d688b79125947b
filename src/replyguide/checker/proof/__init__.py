"""Rules prove themselves: by examples, by deletion, by disguise."""
