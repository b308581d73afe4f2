"""The portal does not start without SM2 (S.9): better closed than unsealed."""

import pytest
from django.apps import apps

from seals.crypto import sm2
from seals.crypto.libcrypto import CryptoUnavailable


@pytest.mark.article("S.9")
def test_sm2_that_does_not_work_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    seals = apps.get_app_config("seals")
    seals.ready()
    monkeypatch.setattr(sm2, "_KNOWN_SIGNATURE", bytes.fromhex("3006020101020101"))
    with pytest.raises(CryptoUnavailable, match="自检未通过"):
        seals.ready()
