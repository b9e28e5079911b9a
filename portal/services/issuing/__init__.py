"""Connections, badges, awards, deliveries. Knows nothing of learning."""
