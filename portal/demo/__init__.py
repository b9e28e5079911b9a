"""The demo: practice Credly beside the portal, and data like somebody's portal."""
