"""The index of a shop's own documents: what it holds, how it is updated, how it is searched."""
