from tests.serve.running import start
from tests.services.postgresql import postgresql_server

__all__ = ["postgresql_server", "start"]
