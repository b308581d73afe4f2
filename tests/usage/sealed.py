"""Sealed licences in force, and their files."""

import uuid
from dataclasses import replace

from licences.models import Licence, LicenceFile, LicenceVersion
from licences.register import producing
from licences.register.entering import check_code
from tests.cast import Cast
from tests.factories.licences import Applications
from zezhou_portal.kernel import files
from zezhou_portal.regulation.identifiers import LicenceIdentifier, parse_licence_identifier


def in_force(cast: Cast) -> Licence:
    """A water licence of one enterprise, sealed and in force."""
    licence = Applications(cast).issued()
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


def second_version(licence: Licence) -> LicenceVersion:
    """The version that takes the place of the licence's first: signed off, its file not made."""
    first = LicenceVersion.objects.select_related("seal_use").get(licence=licence, no=1)
    identifier = str(replace(_parts(first.identifier), version=2))
    approved = first.seal_use
    approved.pk, approved.uuid, approved.subject_key = None, uuid.uuid4(), identifier
    approved.used_at, approved.file_digest = None, ""
    approved.save(force_insert=True)
    first.pk, first.no, first.identifier, first.is_made = None, 2, identifier, False
    first.seal_use, first.check_code = approved, check_code()
    first.save(force_insert=True)
    licence.version_no, licence.identifier = 2, identifier
    licence.save(update_fields=["version_no", "identifier"])
    return first


def _parts(identifier: str) -> LicenceIdentifier:
    parts, fault = parse_licence_identifier(identifier)
    assert parts is not None, fault
    return parts
