"""Environment variables become frozen, typed structs; nothing else in the code reads ``os.environ``."""

from burgee.settings_reader.database import Database, DatabaseSettings, Engine, parse_database_url, read_database
from burgee.settings_reader.keyring import (
    KeyRing,
    SecretKey,
    SecretSettings,
    add_keys,
    key_ring_path,
    known_key_ids,
    open_key_ring,
    retire_key,
    rotate_keys,
)
from burgee.settings_reader.location import DataSettings, RedisSettings
from burgee.settings_reader.reader import SettingsError, Var, check_names, read
from burgee.settings_reader.table import Setting, describe, markdown

__all__ = [
    "DataSettings",
    "Database",
    "DatabaseSettings",
    "Engine",
    "KeyRing",
    "RedisSettings",
    "SecretKey",
    "SecretSettings",
    "Setting",
    "SettingsError",
    "Var",
    "add_keys",
    "check_names",
    "describe",
    "key_ring_path",
    "known_key_ids",
    "markdown",
    "open_key_ring",
    "parse_database_url",
    "read",
    "read_database",
    "retire_key",
    "rotate_keys",
]
