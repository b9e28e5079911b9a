"""The use cases: a verb per function, one commit at its end, no Flask."""
