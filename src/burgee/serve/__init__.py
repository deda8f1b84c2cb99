"""Composition root: puts the planes together into server processes. The only package that imports both."""
