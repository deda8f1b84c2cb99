"""Tools without a domain."""
