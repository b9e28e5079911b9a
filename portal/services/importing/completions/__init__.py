"""completions.csv: who completed one learning object, and on which day."""
