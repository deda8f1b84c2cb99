"""Django's SQLite backend with the pragmas and the write gate of the embedded database."""
