"""Whole installations: saved into a file, restored from it, moved to another database."""
