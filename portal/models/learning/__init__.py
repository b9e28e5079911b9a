"""Tables about learning: objects, enrolments, skills."""
