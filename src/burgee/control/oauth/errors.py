"""What can go wrong between an application and the server."""


class Refused(Exception):
    """A request that the protocol refuses: one of its error codes, and words for people."""

    def __init__(self, code: str, description: str) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
