"""What lies in deploy/, tried as far as one machine allows."""
