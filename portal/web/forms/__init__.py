"""Forms check shape; services check meaning. A file per concept."""
