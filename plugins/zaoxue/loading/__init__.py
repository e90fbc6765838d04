"""Load: protected rows into the system-versioned tables of `raw`, and the record of each submission."""
