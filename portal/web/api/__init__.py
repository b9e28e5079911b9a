"""The API for other systems: JSON under /api/v1, by a token alone."""
