"""What other systems ask and tell through the API: read lists, and completions recorded once."""
