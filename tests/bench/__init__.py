"""Benchmarks: run by hand, they print tables and never fail for being slow."""
