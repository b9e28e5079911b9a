"""The version of this code; the same stands in pyproject.toml."""

VERSION = "0.1.0"
