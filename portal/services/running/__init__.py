"""What whoever runs the portal wants to know: figures, the state of things, what to do next."""
