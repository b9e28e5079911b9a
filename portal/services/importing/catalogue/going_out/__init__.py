"""A catalogue going out: what the portal has, as rows of the same files."""
