"""What the portal holds about people: the map of it, its export, its erasure, the way out."""
