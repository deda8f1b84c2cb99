"""Where things are that both planes use: the one directory on disk, and Redis if there is one."""

from pathlib import Path
from typing import Annotated

from msgspec import Struct

from burgee.settings_reader.reader import Var


class DataSettings(Struct, frozen=True, kw_only=True):
    data_dir: Annotated[
        Path, Var("BURGEE_DATA_DIR", about="Directory of the SQLite database, the key ring and the snapshot files.")
    ] = Path("data")


class RedisSettings(Struct, frozen=True, kw_only=True):
    redis_url: Annotated[
        str,
        Var(
            "REDIS_URL",
            "BURGEE_REDIS_URL",
            secret=True,
            about="Redis that carries changes between machines and counts requests over all, e.g. redis://:password@host:6379/0.",
        ),
    ] = ""
