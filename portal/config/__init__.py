"""Settings of the portal: see settings.py for what there is, reader.py for how it is read."""
