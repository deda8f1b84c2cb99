from tests.serve.running import start

__all__ = ["start"]
