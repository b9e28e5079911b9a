"""Tables about issuing: connections, badges, awards, deliveries."""
