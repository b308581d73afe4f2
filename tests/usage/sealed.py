"""Sealed licences in force, and their files."""

from licences.models import Licence, LicenceFile
from licences.services import producing
from tests.cast import Cast
from tests.factories.licences import Matters
from zezhou_portal.kernel import files


def in_force(cast: Cast) -> Licence:
    """A water licence of one enterprise, sealed and in force."""
    licence = Matters(cast).issued()
    return made(licence)


def made(licence: Licence) -> Licence:
    """The licence with its file made by the worker."""
    producing.produce_waiting()
    licence.refresh_from_db()
    assert licence.state == "IN_FORCE"
    return licence


def file_of(licence: Licence) -> bytes:
    """The bytes of the licence's present file."""
    file = LicenceFile.objects.get(version__licence=licence, version__no=licence.version_no)
    return files.read(file.digest)
