"""badge.csv and its pictures: the first kind of file."""
