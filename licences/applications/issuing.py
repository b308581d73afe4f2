"""Sign-off: the application is concluded and the licence registered (M.6, M.7, M.9)."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings

from audit.trail.recording import acting
from licences import data_items, values
from licences.applications.clocks import conclude_clock
from licences.applications.common import applications, keep_hands_apart
from licences.applications.completeness import faults_of
from licences.catalogue.numbers import number_for
from licences.lifecycle import APPLICATION
from licences.models import Application, Licence
from licences.production.face_input import preview_of, refuse_what_cannot_be_drawn
from licences.register.entering import NewLicence, enter_many
from licences.terms import issued_on, term_of
from zezhou_portal.kernel import clock
from zezhou_portal.kernel.actors import Actor
from zezhou_portal.kernel.locks import lock
from zezhou_portal.kernel.wake import wake
from zezhou_portal.parties.access import account_of, permit
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.regulation.actions import Action
from zezhou_portal.regulation.errors import NotPermitted, RuleBroken

__all__ = ["Refused", "issue", "issue_many", "preview_of"]

CAPTURED_IT = "您是这件的采集人，不能签发自己的件。请交给其他签发人。"
REVIEWED_IT = "您审核过这一件，不能再签发。请交给其他签发人。"


@dataclass(frozen=True)
class Refused:
    """An application of a batch that was not issued, and why."""

    application: Application
    reason: str


def issue(*, actor: Actor, application: Application, revision: int) -> Licence:
    """Signs off one application: concludes it and enters the licence, awaiting its file.

    The use of the seal is approved in the same act, the clock of M.9 runs on for the licence, and
    a worker is rung to draw and seal. Article: M.6, M.7, M.9, S.12.
    """
    with acting(actor, Action.LICENCE_ISSUED, application.subject) as act:
        permit(actor, Capability.ISSUE_LICENCES, application.issuing_department_id)
        row = lock(applications(), pk=application.pk)
        target = APPLICATION.move(row.state, "issue")
        account_id = account_of(actor)
        _keep_three_hands_apart(row, account_id)
        if row.revision != revision:
            raise RuleBroken("M.7", "您打开这一页以后，这一件有变化。请刷新，看过再签发。")
        if faults_of(row):
            raise RuleBroken("M.7", "这一件还有缺项或错项，不能签发。请退回补正。")
        licence = _enter(actor, row, account_id)
        act.fact("state", row.state, target)
        act.note("licence", licence.identifier)
        act.add_record(
            licence.subject,
            {"state": ["", licence.state], "application": row.number},
        )
        row.state = target
        row.signed_off_by_id = account_id
        row.closed_at = clock.now()
        row.in_hand_of_id = None
        row.revision += 1
        row.save(update_fields=["state", "signed_off_by", "closed_at", "in_hand_of", "revision"])
        wake("licences.produce_waiting")
    return licence


def issue_many(
    *, actor: Actor, applications: Sequence[tuple[Application, int]]
) -> tuple[list[Licence], list[Refused]]:
    """Signs off several applications, each in its own act; one refusal does not stop the others."""
    issued: list[Licence] = []
    refused: list[Refused] = []
    for application, revision in applications:
        try:
            issued.append(issue(actor=actor, application=application, revision=revision))
        except (RuleBroken, NotPermitted) as refusal:
            refused.append(Refused(application, refusal.reason))
    return issued, refused


def _keep_three_hands_apart(row: Application, account_id: int) -> None:
    """Capture, review and sign-off by three people (ours; the county may join the last two)."""
    keep_hands_apart(account_id, [row.received_by_id, *row.capturers], CAPTURED_IT)
    if not settings.PORTAL_REVIEWER_MAY_SIGN_OFF:
        keep_hands_apart(account_id, [row.reviewed_by_id], REVIEWED_IT)


def _enter(actor: Actor, row: Application, account_id: int) -> Licence:
    items = data_items.items_of(row.entry.items)
    captured = values.read_all(items, row.values)
    now = clock.now()
    today = clock.beijing_day(now)
    number = number_for(
        row.entry, items=items, captured=captured, typed=row.licence_number, year=today.year
    )
    refuse_what_cannot_be_drawn(row, number=number)
    photo = next((captured[item.key] for item in items if item.kind == "image"), "")
    term = term_of(row, today)
    (licence,) = enter_many(
        actor=actor,
        entry=row.entry,
        items=items,
        new=[
            NewLicence(
                number=number,
                holders=row.holders,
                values=captured,
                issued_on=issued_on(row, today),
                valid_from=term.first,
                valid_until=term.last,
                application=row,
                photo_digest=photo,
            )
        ],
        signed_off_by_id=account_id,
        signed_off_by_name=actor.name,
    )
    conclude_clock(row, licence)
    return licence
