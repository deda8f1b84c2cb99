"""``burgee bootstrap``: the first administrator, organisation and project."""

import argparse
import json
import sys
from typing import TYPE_CHECKING, Annotated

from msgspec import Struct

from burgee.settings_reader import Var, read

if TYPE_CHECKING:
    from burgee.control.accounts.models import User
    from burgee.control.organisations.models import Organisation


class BootstrapSettings(Struct, frozen=True, kw_only=True):
    admin_email: Annotated[
        str, Var("ADMIN_EMAIL", about="Address of the administrator that burgee bootstrap makes.")
    ] = "admin@example.com"
    organisation_name: Annotated[str, Var("ORGANISATION_NAME", about="Organisation that burgee bootstrap makes.")] = (
        "Default Organisation"
    )
    project_name: Annotated[str, Var("PROJECT_NAME", about="Project that burgee bootstrap makes.")] = "Default Project"


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("bootstrap", help="make the first administrator, organisation and project")
    parser.add_argument("--email", help="address of the administrator (ADMIN_EMAIL)")
    parser.add_argument("--organisation", help="name of the organisation (ORGANISATION_NAME)")
    parser.add_argument("--project", help="name of the project (PROJECT_NAME)")
    parser.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    from burgee.cli.catalogue import check_settings
    from burgee.cli.migrate import migrate

    check_settings()
    settings = read(BootstrapSettings)
    migrate()
    return bootstrap(
        options.email or settings.admin_email,
        options.organisation or settings.organisation_name,
        options.project or settings.project_name,
    )


def bootstrap(email: str, organisation_name: str, project_name: str) -> int:
    """Makes what is missing; only on an empty installation does it make an administrator."""
    from burgee.control.accounts.models import User

    email = email.strip()
    if not _is_address(email):
        print(f"burgee: {email!r} is no e-mail address. Set ADMIN_EMAIL or --email to one.", file=sys.stderr)
        return 2
    if User.objects.with_email(email) is None and User.objects.exists():
        print(
            f"burgee: there are users already, and {email} is none of them. Have one invite {email}.", file=sys.stderr
        )
        return 1
    user = _administrator(email)
    _project(_organisation(user, organisation_name), user, project_name)
    if not user.has_usable_password():
        _print_link(user)
    return 0


def _is_address(email: str) -> bool:
    from django.core.exceptions import ValidationError
    from django.core.validators import validate_email

    try:
        validate_email(email)
    except ValidationError:
        return False
    return True


def _administrator(email: str) -> "User":
    from burgee.control.accounts.models import User
    from burgee.control.accounts.services import make_first_user

    user = User.objects.with_email(email)
    if user is not None:
        print(f"Administrator {user.email} is there.")
        return user
    user = make_first_user(email)
    print(f"Administrator {user.email} made.")
    return user


def _organisation(user: "User", name: str) -> "Organisation":
    from burgee.control.kit.actor import SYSTEM
    from burgee.control.organisations.models import Organisation
    from burgee.control.organisations.services import create_organisation

    organisation = Organisation.objects.of_user(user.pk).filter(name=name).first()
    if organisation is not None:
        print(f"Organisation {name} is there.")
        return organisation
    organisation = create_organisation(name, creator=user, actor=SYSTEM)
    print(f"Organisation {name} made.")
    return organisation


def _project(organisation: "Organisation", user: "User", name: str) -> None:
    from burgee.control.access.services import open_project
    from burgee.control.kit.actor import Actor
    from burgee.control.projects.errors import ProjectNameTaken

    try:
        open_project(organisation, name, actor=Actor.user(user.pk, user.email))
    except ProjectNameTaken:
        print(f"Project {name} is there.")
    else:
        print(f"Project {name} made.")


def _print_link(user: "User") -> None:
    from burgee.control.accounts.passwords import password_link
    from burgee.control.settings import PUBLIC_URL

    link = password_link(user, PUBLIC_URL)
    uid, token = link.rstrip("/").split("/")[-2:]
    body = json.dumps({"uid": uid, "token": token, "new_password": "YOUR-PASSWORD", "re_new_password": "YOUR-PASSWORD"})
    print(f"""
Set the password of {user.email} here (the link works once):

  {link}

or, with the server running:

  curl {PUBLIC_URL}/api/v1/auth/users/reset_password_confirm/ \\
    -H 'Content-Type: application/json' -d '{body}'""")
