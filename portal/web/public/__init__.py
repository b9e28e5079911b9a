"""Pages without sign-in: front door, styles, pictures."""
