"""Self-hosted feature flags that every Flagsmith SDK can use unmodified."""

__version__ = "0.1.0"
