import pytest

from burgee.control.transfer.errors import TransferRefused
from burgee.control.transfer.sealing import seal, unseal
from burgee.settings_reader import KeyRing, SecretKey

RING = KeyRing((SecretKey("aa", "first-secret-key-of-all"), SecretKey("bb", "second-secret-key-of-all")))


def test_only_the_passphrase_opens_the_ring():
    sealed = seal(RING, "correct horse")
    assert unseal(sealed, "correct horse") == RING
    assert b"first-secret" not in sealed
    with pytest.raises(TransferRefused, match="does not open"):
        unseal(sealed, "wrong horse")


@pytest.mark.parametrize("damaged", [b"", b"{}", b'{"salt":"AA==","cost":1099511627776,"token":"AA=="}'])
def test_a_damaged_seal_is_refused(damaged):
    with pytest.raises(TransferRefused, match="damaged"):
        unseal(damaged, "correct horse")
