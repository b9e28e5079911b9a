"""Uploaded files: read, preview, run."""
