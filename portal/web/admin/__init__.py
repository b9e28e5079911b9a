"""The administrators area."""
