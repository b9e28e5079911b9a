"""Backups: one file with the whole portal, made while it runs, and the way back from it."""
