"""Who owes what by when, and whether it has come: the registry, the calendar, obligations and their states."""
