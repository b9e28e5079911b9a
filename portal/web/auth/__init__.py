"""Signing in, signing out, first set-up, invitations."""
