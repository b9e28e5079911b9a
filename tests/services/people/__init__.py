"""Tests, in the order of the portal's own folders."""
