"""Environment variables become frozen, typed structs; nothing else in the code reads ``os.environ``."""

from burgee.settings_reader.database import Database, DatabaseSettings, Engine, parse_database_url, read_database
from burgee.settings_reader.keyring import KeyRing, SecretKey, SecretSettings, add_keys, known_key_ids, open_key_ring
from burgee.settings_reader.location import DataSettings
from burgee.settings_reader.reader import SettingsError, Var, check_names, read
from burgee.settings_reader.table import Setting, describe, markdown

__all__ = [
    "DataSettings",
    "Database",
    "DatabaseSettings",
    "Engine",
    "KeyRing",
    "SecretKey",
    "SecretSettings",
    "Setting",
    "SettingsError",
    "Var",
    "add_keys",
    "check_names",
    "describe",
    "known_key_ids",
    "markdown",
    "open_key_ring",
    "parse_database_url",
    "read",
    "read_database",
]
