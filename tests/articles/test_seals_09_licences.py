"""S.9: licences are among the documents that are sealed; each sealing keeps what it sealed."""

import pytest

from licences.models import LicenceFile
from licences.register import producing
from seals.models import SealUse

pytestmark = pytest.mark.article("S.9")


def test_licence_when_sealed_then_the_use_keeps_digest_and_time(applications) -> None:
    licence = applications.issued()
    use = SealUse.objects.get()
    assert (use.subject_kind, use.subject_key) == ("licence_version", licence.identifier)
    assert (use.used_at, use.file_digest) == (None, "")
    producing.produce_waiting()
    use.refresh_from_db()
    file = LicenceFile.objects.get()
    assert (use.file_digest, use.used_at) == (file.digest, file.sealed_at)


def test_licence_when_sealed_once_then_never_a_second_time(applications) -> None:
    applications.issued()
    assert producing.produce_waiting() == 1
    digest = LicenceFile.objects.get().digest
    assert producing.produce_waiting() == 0
    assert [use.file_digest for use in SealUse.objects.all()] == [digest]
