"""Django's PostgreSQL backend with locks that let others refer to the locked row, and moments that are read quickly."""
