"""What holds for every catalogue and every history, against a plain reference."""
