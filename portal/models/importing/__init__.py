"""Tables about importing: runs and their rows."""
