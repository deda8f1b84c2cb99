"""What was saved is what is restored, on any engine, or nothing changes."""

import stat
import threading
import zipfile

import msgspec
import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from burgee.cli.installation.restoring import restore
from burgee.cli.installation.saving import save
from burgee.control.organisations.models import Organisation
from burgee.control.publishing.epochs import last_epoch
from burgee.control.publishing.models import Epoch
from burgee.control.transfer.archive import DATABASE, MANIFEST, opened_archive
from burgee.control.transfer.errors import TransferRefused
from burgee.control.transfer.progress import silent
from burgee.settings_reader import Database
from tests.control.transfer.installations import a_blank_file, counts_of, facts_of, live_in, speaking_to
from tests.factories.identities import an_identity
from tests.factories.organisations import an_organisation

pytestmark = pytest.mark.django_db

WAYS = [("sqlite", "mariadb"), ("mariadb", "postgresql"), ("postgresql", "sqlite")]
"""Each engine gives and takes. What is saved becomes a SQLite file before it goes on, so no pair has ways of its own."""
NUMBERS = st.integers(min_value=0, max_value=30)
STEPS = st.lists(st.tuples(st.integers(min_value=0, max_value=25), NUMBERS, NUMBERS, NUMBERS), max_size=25)


def brought_back(path, target, *, replacing=False):
    with opened_archive(path) as archive:
        archive.verify(silent)
        restore(archive, target, replacing=replacing, progress=silent)


@pytest.fixture
def saved(installation, tmp_path):
    """A SQLite installation and its backup file."""
    database = installation("sqlite")
    path = tmp_path / "saved.burgee"
    save(database, path, passphrase=None, progress=silent)
    return database, path


@pytest.mark.parametrize(("source", "target"), WAYS)
def test_a_backup_restores_onto_any_engine(installation, empty, tmp_path, source, target):
    there, here = installation(source), empty(target)
    before = facts_of(there)
    manifest = save(there, tmp_path / "file", passphrase=None, progress=silent)
    brought_back(tmp_path / "file", here)
    assert facts_of(here) == before
    assert manifest.documents == before[0]
    assert manifest.rows == counts_of(there)


@settings(
    max_examples=8,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=STEPS)
def test_whatever_people_did_comes_back(tmp_path_factory, steps):
    folder = tmp_path_factory.mktemp("any")
    there, here = a_blank_file(folder), a_blank_file(folder)
    live_in(there, steps)
    before = facts_of(there)
    save(there, folder / "file", passphrase=None, progress=silent)
    brought_back(folder / "file", here)
    assert facts_of(here) == before


@pytest.mark.django_db(transaction=True)  # else the test itself would hold the process's write lock
@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_what_is_written_meanwhile_is_wholly_in_the_backup_or_not_at_all(installation, empty, tmp_path, engine):
    there, here = installation(engine), empty("sqlite")
    stopping = threading.Event()

    def write() -> None:
        with speaking_to(there):
            number = 0
            while not stopping.is_set():
                number += 1
                with transaction.atomic():
                    organisation = an_organisation(name=f"pair {number}")
                    organisation.pk, organisation.uuid = None, Organisation._meta.get_field("uuid").get_default()
                    organisation.save()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for attempt in range(3):
            save(there, tmp_path / f"file{attempt}", passphrase=None, progress=silent)
    finally:
        stopping.set()
        writer.join()
    for attempt in range(3):
        brought_back(tmp_path / f"file{attempt}", here, replacing=True)
        with speaking_to(here):
            assert Organisation.objects.filter(name__startswith="pair").count() % 2 == 0


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_a_database_that_holds_something_is_replaced_only_when_asked(saved, installation, engine):
    there, path = saved
    here = installation(engine, seed=2)
    before = facts_of(here)
    with pytest.raises(TransferRefused, match=r"not empty|--replace"):
        brought_back(path, here)
    assert facts_of(here) == before
    with speaking_to(here):
        earlier = last_epoch()
    brought_back(path, here, replacing=True)
    assert facts_of(here) == facts_of(there)
    with speaking_to(here):
        assert last_epoch() > earlier


def test_a_replaced_sqlite_database_stays_beside(saved, installation, tmp_path):
    _, path = saved
    here = installation("sqlite", seed=2)
    before = facts_of(here)
    brought_back(path, here, replacing=True)
    (kept,) = tmp_path.glob("*.before-*")
    assert facts_of(Database(engine="sqlite", name=str(kept))) == before
    assert not list(tmp_path.glob("*.arriving*"))


def test_a_sqlite_database_in_use_is_not_replaced(saved, installation):
    _, path = saved
    here = installation("sqlite", seed=2)
    before = facts_of(here)
    with speaking_to(here):
        an_identity()
        with pytest.raises(TransferRefused, match="Stop Burgee"):
            brought_back(path, here, replacing=True)
    assert facts_of(here)[0].items() >= before[0].items()


def test_the_epoch_is_higher_than_that_of_the_database_it_replaces(saved, installation):
    _, path = saved
    here = installation("sqlite", seed=2)
    far = 10**17
    with speaking_to(here):
        Epoch.objects.update(number=far)
    brought_back(path, here, replacing=True)
    with speaking_to(here):
        assert last_epoch() > far


def test_only_the_owner_reads_the_file_and_another_is_never_overwritten(saved):
    there, path = saved
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    body = path.read_bytes()
    with pytest.raises(TransferRefused, match="there already"):
        save(there, path, passphrase=None, progress=silent)
    assert path.read_bytes() == body


def test_a_backup_that_fails_leaves_no_file(installation, tmp_path):
    def broken(what: str, _done: int, _total: int) -> None:
        if what == "compressed bytes":
            raise ZeroDivisionError

    there = installation("sqlite")
    folder = tmp_path / "backups"
    folder.mkdir()
    with pytest.raises(ZeroDivisionError):
        save(there, folder / "file", passphrase=None, progress=broken)
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("at", [0.2, 0.5, 0.9])
def test_a_file_that_was_damaged_is_refused(saved, at):
    _, path = saved
    body = bytearray(path.read_bytes())
    spot = int(len(body) * at)
    body[spot] ^= 0xFF
    path.write_bytes(body)
    with pytest.raises(TransferRefused, match="damaged"), opened_archive(path) as archive:
        archive.verify(silent)


@pytest.mark.parametrize("at", [6, 8, 10], ids=["version", "encryption", "method"])
def test_a_list_of_contents_that_was_damaged_is_refused(saved, at):
    _, path = saved
    body = bytearray(path.read_bytes())
    body[body.rindex(b"PK\x01\x02") + at] ^= 0xFF
    path.write_bytes(body)
    with pytest.raises(TransferRefused, match="damaged"), opened_archive(path):
        pass


@pytest.mark.parametrize("kept", [0, 100, -1])
def test_half_a_file_is_refused(saved, kept):
    _, path = saved
    path.write_bytes(path.read_bytes()[:kept])
    with pytest.raises(TransferRefused, match="damaged"), opened_archive(path):
        pass


def changed(path, **facts):
    """The same archive with another manifest."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    members[MANIFEST] = msgspec.json.encode(msgspec.json.decode(members[MANIFEST]) | facts)
    with zipfile.ZipFile(path, "w") as archive:
        for name, body in members.items():
            archive.writestr(name, body)
    return path


def test_a_member_that_was_exchanged_is_refused(saved):
    path = changed(saved[1], sha256={DATABASE: "0" * 64})
    with pytest.raises(TransferRefused, match="not what was written"), opened_archive(path) as archive:
        archive.verify(silent)


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"format": 2}, "newer Burgee"),
        ({"documents": {"1": "another"}}, "would not be the same"),
        ({"rows": {"accounts.user": 7}}, "manifest counts"),
    ],
)
def test_a_backup_that_is_not_what_it_says_changes_nothing(saved, installation, facts, said):
    path = changed(saved[1], **facts)
    here = installation("sqlite", seed=2)
    before = facts_of(here)
    with pytest.raises(TransferRefused, match=said):
        brought_back(path, here, replacing=True)
    assert facts_of(here) == before


def test_a_backup_of_a_newer_burgee_is_refused(installation, empty, tmp_path):
    save(installation("postgresql"), tmp_path / "file", passphrase=None, progress=silent)
    with opened_archive(tmp_path / "file") as archive:
        newer = [*archive.manifest.migrations, "features.9999_tomorrow"]
    path = changed(tmp_path / "file", migrations=newer)
    with pytest.raises(TransferRefused, match="newer Burgee"):
        brought_back(path, empty("sqlite"))


def test_the_documents_of_another_version_are_not_compared(saved, empty):
    there, path = saved
    here = empty("sqlite")
    brought_back(changed(path, burgee="0.0.9", documents={"1": "of another version"}), here)
    assert facts_of(here) == facts_of(there)
