"""Commands for whoever runs the portal: `flask --app app …`. A file per concept."""
