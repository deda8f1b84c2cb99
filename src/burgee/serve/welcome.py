"""What is printed once the server takes requests."""

from burgee import __version__
from burgee.settings_reader import Database

FIRST_STEPS = """\

There is no user yet. {form}ign up, with your own address and password:

  curl {url}/api/v1/auth/users/ -H 'Content-Type: application/json' -d '{{
    "email": "you@example.com", "password": "a-long-password", "first_name": "You", "last_name": "Yourself"}}'

or have an administrator, an organisation and a project made: {command} bootstrap --email you@example.com"""


def welcome(url: str, database: Database, *, has_users: bool, has_dashboard: bool, command: str) -> str:
    """Where the server is, and for a new installation what to do next."""
    form = f"Open {url} in a browser, or s" if has_dashboard else "S"
    first_steps = "" if has_users else FIRST_STEPS.format(url=url, command=command, form=form)
    dashboard = f"\n  dashboard     {url}/" if has_dashboard else ""
    return f"""\
Burgee {__version__} is ready: {url}{dashboard}
  SDKs          {url}/api/v1/
  OpenFeature   {url}/ofrep/v1/
  database      {database}
{first_steps}
Ctrl-C stops it. {command} doctor checks the installation; docs/guide tells more."""
