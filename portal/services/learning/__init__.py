"""Courses, enrolments, completions."""
