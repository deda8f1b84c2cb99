"""A pytest plugin, loaded before Django's settings: tests keep nothing in the checkout's data directory."""

import atexit
import os
import shutil
import tempfile

if "BURGEE_DATA_DIR" not in os.environ:
    _folder = tempfile.mkdtemp(prefix="burgee-tests-")
    os.environ["BURGEE_DATA_DIR"] = _folder
    atexit.register(shutil.rmtree, _folder, ignore_errors=True)
