"""Reports: what happened to whom, row by row, in files of any length."""
