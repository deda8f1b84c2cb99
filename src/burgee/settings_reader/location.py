"""The one directory that everything Burgee keeps on disk lives in."""

from pathlib import Path
from typing import Annotated

from msgspec import Struct

from burgee.settings_reader.reader import Var


class DataSettings(Struct, frozen=True, kw_only=True):
    data_dir: Annotated[
        Path, Var("BURGEE_DATA_DIR", about="Directory of the SQLite database, the key ring and the snapshot files.")
    ] = Path("data")
