"""The authors area."""
