"""Rows for tests, one module per domain: each function makes one thing and whatever it stands on, and no events."""
