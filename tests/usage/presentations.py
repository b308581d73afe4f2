"""Presentations and readings of the tests, also several at the same instant."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.conf import settings
from django.db import connections

from licences.models import Licence
from tests.holders import holder_actor
from usage.models import Presentation
from usage.presenting import presentations
from usage.presenting.presentations import Chosen
from usage.verifying import codes, redemption
from usage.verifying.results import VerificationResult
from zezhou_portal.kernel.actors import Actor
from zezhou_portal.parties.models import Holder
from zezhou_portal.regulation.errors import RuleBroken


def holder_of(licence: Licence) -> Holder:
    return Holder.objects.get(licence_links__licence=licence)


def shown(licence: Licence, *, by: Actor | None = None, **how: bool) -> tuple[Presentation, Any]:
    """A presentation of the licence and its first code."""
    actor = by or holder_actor(holder_of(licence))
    row = presentations.present(actor=actor, chosen=[Chosen(licence, ["purpose"])], **how)
    current = presentations.current_code(actor=actor, presentation=row)
    assert current is not None
    return row, current.code


def read(actor: Actor, text: str) -> VerificationResult:
    return redemption.read_code(
        actor=actor, understood=codes.understand(text, settings.PORTAL_ADDRESS)
    )


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Does every act in a thread of its own, all let go together; what came of each."""
    gate = Barrier(len(acts))

    def one(act: Callable[[], Any]) -> Any:
        try:
            gate.wait(timeout=20)
            return act()
        except RuleBroken as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as hands:
        return [future.result() for future in [hands.submit(one, act) for act in acts]]
