from msgspec import Struct


class Place(Struct, frozen=True):
    """What the supervisor gives to one of several processes: its number and two open files."""

    index: int
    socket: int
    lifeline: int
