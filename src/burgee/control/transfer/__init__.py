"""Whole installations as data: one file that holds a database, and the way of its rows into another."""
