"""An application from reception to submission: receive, submit, withdraw, erase (M.3, M.7, M.9)."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection

from audit.trail.recording import Act, acting
from licences import data_items, roles
from licences.applications.attachments import ever_attached, let_go
from licences.applications.clocks import drop_clock, start_clock
from licences.applications.common import applications
from licences.applications.completeness import faults_of
from licences.applications.materials import put_in_place
from licences.applications.prefilling import prefill
from licences.applications.secrecy import TURNED_AWAY
from licences.lifecycle import APPLICATION
from licences.models import Application, ApplicationHolder, CatalogueEntry, ServiceItem
from zezhou_portal.kernel import clock
from zezhou_portal.kernel.actors import Actor
from zezhou_portal.kernel.locks import lock
from zezhou_portal.kernel.subjects import Subject
from zezhou_portal.parties.access import account_of, permit
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.parties.holders.services import forget_holders
from zezhou_portal.parties.masking import mask_name
from zezhou_portal.parties.models import Holder, HolderKind
from zezhou_portal.parties.notices.services import forget_notifications
from zezhou_portal.regulation.actions import Action
from zezhou_portal.regulation.errors import FormFault, RuleBroken, by_field


def declare_secret_at_reception(*, actor: Actor) -> str:
    """Records that an application was turned away as touching a state secret, and nothing else.

    It is asked before anything else, so not even the kind is known. Gives the sentence for the
    clerk. Article: M.3.
    """
    subject = Subject("department", actor.department_code, actor.department_name)
    with acting(actor, Action.SECRET_DECLARED, subject):
        permit(actor, Capability.RECEIVE_APPLICATIONS, actor.department_id)
    return TURNED_AWAY


def receive(
    *,
    actor: Actor,
    entry: CatalogueEntry,
    holders: Sequence[Holder],
    service_item: ServiceItem | None = None,
    mode: str = Application.Mode.ONLINE,
    concluded_elsewhere_at: datetime | None = None,
    has_paper: bool = False,
) -> Application:
    """Opens an application for one kind of licence and its holders, prefilled from the register.

    Materials that a licence of the holder's own may replace are replaced by it (M.15).

    Raises RuleBroken for a kind that is not published, or holders that the kind does not
    admit. Article: M.9.
    """
    with acting(actor, Action.APPLICATION_RECEIVED) as act:
        permit(actor, Capability.RECEIVE_APPLICATIONS, entry.issuing_department_id)
        _check_entry(entry)
        check_holders(entry, holders)
        _check_mode(mode, concluded_elsewhere_at)
        now = clock.now()
        items = data_items.items_of(entry.items)
        application = Application.objects.create(
            number=_next_number(now),
            entry=entry,
            issuing_department=entry.issuing_department,
            service_item=service_item,
            mode=mode,
            concluded_elsewhere_at=concluded_elsewhere_at,
            values=prefill(items, holders),
            is_long_term=entry.term_rule.is_usually_long_term,
            has_paper=has_paper,
            received_by_id=account_of(actor),
            in_hand_of_id=account_of(actor),
            received_at=now,
        )
        ApplicationHolder.objects.bulk_create(
            ApplicationHolder(application=application, holder=holder, place=place)
            for place, holder in enumerate(holders)
        )
        act.set_subject(application.subject)
        act.note("kind", entry.type_code)
        act.note("mode", mode)
        act.note("holders", [str(holder.uuid) for holder in holders])
        if spared := put_in_place(application, holders, account_of(actor)):
            act.note("materials", [f"{name}：用证照库里的证照代替" for name in spared])
        start_clock(act, application)
    return application


def check_holders(entry: CatalogueEntry, holders: Sequence[Holder]) -> None:
    """Whether a kind may be held by these holders. Raises RuleBroken (M.3)."""
    if not holders:
        raise FormFault("M.3", "还没有选持证人。", fields={"holders": "还没有选持证人"})
    if len(holders) > 1 and not entry.several_holders:
        raise RuleBroken("M.3", f"{entry.name}只能有一个持证人，现在选了 {len(holders)} 个。")
    if len({holder.pk for holder in holders}) != len(holders):
        raise RuleBroken("M.3", "同一个持证人选了两次。")
    for holder in holders:
        if holder.same_as_id is not None:
            sentence = "选的持证人已经和另一位认定为同一人，请重新查找，选现在的那一位。"
            raise RuleBroken("M.3", sentence)
        is_person = holder.kind == HolderKind.NATURAL_PERSON
        if entry.holder_kind == "person" and not is_person:
            raise RuleBroken("M.3", f"{entry.name}发给个人，“{holder.name}”不是自然人。")
        if entry.holder_kind == "enterprise" and is_person:
            masked = mask_name(holder.name)  # a refusal's reason stays on the trail (M.26)
            raise RuleBroken("M.3", f"{entry.name}发给企业和组织，“{masked}”是自然人。")
    if sentence := roles.count_fault(data_items.items_of(entry.items), len(holders)):
        raise RuleBroken("M.7", f"{sentence}。", fields={"holders": sentence})


def submit(*, actor: Actor, application: Application, revision: int) -> Application:
    """Hands a complete application to the reviewers.

    Raises RuleBroken with a sentence for every item that is missing or wrong. Article: M.7.
    """
    with acting(actor, Action.APPLICATION_SUBMITTED, application.subject) as act:
        permit(actor, Capability.CAPTURE_VALUES, application.issuing_department_id)
        row = lock(applications(), pk=application.pk)
        target = APPLICATION.move(row.state, "submit")
        if row.revision != revision:
            raise RuleBroken("M.7", "您打开这一页以后，别人改过这一件。请刷新，看过再提交。")
        faults = faults_of(row)
        if faults:
            raise FormFault("M.7", f"改好这 {len(faults)} 处就能提交。", fields=by_field(faults))
        _note_capturer(row, account_of(actor))
        _move(act, row, target)
        row.submitted_at = clock.now()
        row.in_hand_of_id = None
        row.save(
            update_fields=[
                "state",
                "submitted_at",
                "revision",
                "in_hand_of",
                "captured_by",
                "capturers",
            ]
        )
    return row


def withdraw(*, actor: Actor, application: Application, reason: str) -> Application:
    """Ends an application that the applicant takes back, before it is approved. Article: M.7."""
    with acting(actor, Action.APPLICATION_WITHDRAWN, application.subject) as act:
        permit(actor, Capability.CAPTURE_VALUES, application.issuing_department_id)
        row = lock(applications(), pk=application.pk)
        if not reason.strip():
            raise FormFault("M.7", "还没有写撤回的原因。", fields={"reason": "还没有写撤回的原因"})
        _move(act, row, APPLICATION.move(row.state, "withdraw"))
        row.withdrawn_because = reason.strip()[:200]
        act.secret("reason", row.withdrawn_because)
        drop_clock(row)
        row.closed_at = clock.now()
        row.in_hand_of_id = None
        row.save(
            update_fields=["state", "closed_at", "revision", "in_hand_of", "withdrawn_because"]
        )
    return row


def declare_secret(*, actor: Actor, application: Application) -> str:
    """Erases an application's values, holders and files: it touches a state secret after all.

    Gives the sentence for the clerk. Files that another one holds too stay; a holder who was
    entered for this application alone goes too. Article: M.3.
    """
    with acting(actor, Action.APPLICATION_ERASED, application.subject) as act:
        permit(actor, Capability.CAPTURE_VALUES, application.issuing_department_id)
        row = lock(applications(), pk=application.pk)
        _move(act, row, APPLICATION.move(row.state, "erase"))
        drop_clock(row)
        digests = ever_attached(row)
        act.note("files_erased", len(digests))
        _forget(row)
        # Inside the act: were the process to die in between, the application is not called erased
        # yet, and whoever tries again finds nothing left where a file was.
        let_go(digests)
    return TURNED_AWAY


def _forget(row: Application) -> None:
    """Leaves of an application its number, its kind and who had it in hand (M.3)."""
    holders = [link.holder for link in row.holder_links.select_related("holder")]
    row.attachments.all().delete()
    row.substitutes.all().delete()
    row.holder_links.all().delete()
    row.reviews.update(reasons="", fields=[])
    forget_holders(holders)
    forget_notifications(row.subject)
    row.values = {}
    row.licence_number = row.paper_blank_number = row.paper_taken_by = row.term_reason = ""
    row.service_item = None
    row.valid_from = row.valid_until = row.paper_issued_on = None
    row.concluded_elsewhere_at = None
    row.is_long_term = row.has_paper = False
    row.closed_at = clock.now()
    row.in_hand_of_id = None
    row.save()


def _check_entry(entry: CatalogueEntry) -> None:
    if entry.state != "PUBLISHED":
        raise RuleBroken("P.2.1.1", f"{entry.name}的目录还没有公布，不能收件。")


def _check_mode(mode: str, concluded_elsewhere_at: datetime | None) -> None:
    if mode == Application.Mode.OFFLINE and concluded_elsewhere_at is None:
        sentence = "离线生成要填业务系统里的办结时间"
        raise FormFault("M.9", f"{sentence}。", fields={"concluded_elsewhere_at": sentence})
    if concluded_elsewhere_at is not None and concluded_elsewhere_at > clock.now():
        sentence = "办结时间在将来"
        raise FormFault("M.9", f"{sentence}。", fields={"concluded_elsewhere_at": sentence})


def _next_number(now: datetime) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('licences_application_seq')")
        sequence = cursor.fetchone()[0]
    return f"ZZ-{clock.beijing_day(now):%Y%m%d}-{sequence:05}"


def _note_capturer(row: Application, account_id: int) -> None:
    row.captured_by_id = account_id
    if account_id not in row.capturers:
        row.capturers = [*row.capturers, account_id]


def _move(act: Act, row: Application, target: str) -> None:
    act.fact("state", row.state, target)
    row.state = target
    row.revision += 1


__all__ = [
    "check_holders",
    "declare_secret",
    "declare_secret_at_reception",
    "receive",
    "submit",
    "withdraw",
]
