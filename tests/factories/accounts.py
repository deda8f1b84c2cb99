from itertools import count

from burgee.control.accounts.models import Token, User
from burgee.control.kit.digests import sha256_hex
from burgee.control.kit.ids import user_token

_numbers = count(1)


def a_user(email: str | None = None, password: str | None = None, **fields) -> User:
    email = email or f"person{next(_numbers)}@example.com"
    manager = User.objects
    user = manager.create_superuser(email, password)
    user.is_superuser = user.is_staff = False
    for name, value in fields.items():
        setattr(user, name, value)
    user.save()
    return user


def a_token(user: User) -> str:
    """The secret of a new sign-in of `user`."""
    secret = user_token()
    Token.objects.create(user=user, digest=sha256_hex(secret))
    return secret
