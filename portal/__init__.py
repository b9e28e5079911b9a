"""Rosette: a learning portal that awards Credly badges. Nothing is imported from here, ever."""
