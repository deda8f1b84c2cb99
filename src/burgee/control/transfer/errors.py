"""What stops a transfer; the text says what to do."""


class TransferRefused(Exception):
    """Nothing was changed."""
