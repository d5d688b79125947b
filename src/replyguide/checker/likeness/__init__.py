"""The second layer: resemblance to known violations."""
