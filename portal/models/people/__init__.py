"""Tables about people: who they are, how they sign in, what is mailed to them."""
