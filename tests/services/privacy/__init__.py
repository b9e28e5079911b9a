"""What the portal holds about people, and how they get it, limit it and have it erased."""
