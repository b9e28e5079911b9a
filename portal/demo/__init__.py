"""The demo: practice Credly as a child process, and data that looks like somebody's portal."""
