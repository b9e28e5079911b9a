"""Practice Credly: an imitation of Credly's Web Service API v1 for demos, training and tests."""
