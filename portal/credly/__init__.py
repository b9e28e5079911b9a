"""The connector: HTTP and Credly's words, nothing of the portal."""
