"""Approving the use of a seal and sealing a document under it; fails closed (S.9, S.12)."""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from seals.crypto.key_store import open_key
from seals.crypto.port import KeyHolder, KeyUnavailable
from seals.documents.ofd import CannotSeal, Stamp, seal_package
from seals.documents.package import Package
from seals.models import Seal, SealUse
from zezhou_portal.kernel import clock
from zezhou_portal.kernel.actors import Actor
from zezhou_portal.kernel.subjects import Subject
from zezhou_portal.regulation.errors import RuleBroken

__all__ = ["CannotSeal", "KeyUnavailable", "Sealer", "approve_uses", "sealer_for"]


def approve_uses(*, actor: Actor, seal: Seal, subjects: Sequence[Subject]) -> list[SealUse]:
    """Approvals of one seal for several documents, written in the act that approves them.

    Called inside the caller's transaction. The sign-off of a licence is itself the approval
    (ours, until standing approvals come). Raises RuleBroken if the seal may not be used now.

    Article: S.12.
    """
    now = clock.now()
    if seal.state != "ACTIVE" or not seal.valid_from <= now <= seal.valid_until:
        raise RuleBroken(
            "S.12", f"“{seal.name}”现在是“{seal.get_state_display()}”，不能用印。请找印章保管人。"
        )
    return SealUse.objects.bulk_create(
        SealUse(
            seal=seal,
            subject_kind=subject.kind,
            subject_key=subject.key,
            subject_label=subject.label,
            approved_by_key=actor.key,
            approved_by_name=actor.name,
            approved_by_role=actor.role,
            approved_at=now,
        )
        for subject in subjects
    )


class Sealer:
    """One seal with its open key: seals packages until the process ends."""

    def __init__(self, structure: bytes, key: KeyHolder) -> None:
        self._structure = structure
        self._key = key

    def seal(self, package: Package, stamps: Sequence[Stamp], at: datetime) -> bytes:
        """The sealed file's bytes. Raises CannotSeal or KeyUnavailable, never returns less."""
        sealed = seal_package(
            package, stamps=stamps, seal_der=self._structure, signer=self._key, signed_at=at
        )
        return sealed.to_zip()


def sealer_for(seal: Seal) -> Sealer:
    """The sealer of a seal, its key opened once per process. Raises KeyUnavailable."""
    key = _key(str(settings.PORTAL_KEYS), seal.department.credit_code)
    return Sealer(bytes(seal.structure), key)


@lru_cache(maxsize=64)
def _key(folder: str, credit_code: str) -> KeyHolder:
    return open_key(Path(folder), credit_code)
