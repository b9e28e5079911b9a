"""When background work looks at its boxes. What is done stands in services."""
