"""What a model's draft has to stand beside the checker: its facts are backed, and its points are said."""
