"""Log lines on standard error, for people or as JSON."""

import logging
import logging.config
import time
import traceback
from typing import Any

import msgspec

from burgee.serve.settings import ServerSettings

STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName", "color_message"}
QUIET = {
    "uvicorn.error": "WARNING",
    "httpx": "WARNING",
    "httpcore": "WARNING",
    "asyncio": "WARNING",
    "django.request": "ERROR",
}
"""Loggers that say more than an operator wants to know; a client's mistake is no event of the server."""


class JsonFormatter(logging.Formatter):
    """One object a line; what is passed as ``extra`` becomes its fields."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": self.formatTime(record, "%Y-%m-%dT%H:%M:%S") + f".{int(record.msecs):03d}Z",
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        line |= {name: value for name, value in vars(record).items() if name not in STANDARD}
        if record.exc_info:
            line["exception"] = "".join(traceback.format_exception(*record.exc_info))
        return msgspec.json.encode(line, enc_hook=str).decode()


def set_up_logs(settings: ServerSettings) -> None:
    logging.Formatter.converter = time.gmtime
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {
                "generic": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"},
                "json": {"()": JsonFormatter},
            },
            "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": settings.log_format}},
            "root": {"handlers": ["stderr"], "level": settings.log_level},
            "loggers": {name: {"level": level} for name, level in QUIET.items()},
        }
    )
