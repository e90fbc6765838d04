"""Alerts about submissions: planned from changes of state, kept in an outbox, sent over channels."""
