"""The files of a whole catalogue: what each says, and what becomes of its rows."""
