"""Marks beside the state: put on and taken off, several at once (M.8, M.23)."""

from audit.trail.recording import acting
from licences.models import Licence, LicenceMark, LicenceVersion, MarkKind
from licences.register.collection import content_of
from zezhou_portal.exchange.selectors import next_version
from zezhou_portal.exchange.services.posting import post
from zezhou_portal.kernel import clock
from zezhou_portal.kernel.actors import Actor
from zezhou_portal.kernel.locks import lock
from zezhou_portal.parties.access import permit
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.regulation.actions import Action
from zezhou_portal.regulation.errors import FormFault, RuleBroken

# Marks that say of what: the field objected to, the year inspected.
WITH_DETAIL = {MarkKind.OBJECTED: "有异议的数据项", MarkKind.INSPECTED: "年检年度"}
_ENDED = frozenset({"CANCELLED", "REVOKED", "ANNULLED"})


def put_on(*, actor: Actor, licence: Licence, kind: MarkKind, detail: str = "") -> LicenceMark:
    """Puts a mark on a licence; the same mark stands once. Article: M.8, M.23."""
    with acting(actor, Action.MARK_PUT_ON, licence.subject) as act:
        permit(actor, Capability.CHANGE_LICENCES, licence.issuing_department_id)
        row = _locked(licence)
        detail = detail.strip()[:120]
        if row.state in _ENDED:
            raise RuleBroken("M.8", f"证照{row.get_state_display()}，不能再加标注。")
        if kind in WITH_DETAIL and not detail:
            raise FormFault(
                "M.8",
                f"还没有写{WITH_DETAIL[kind]}。",
                fields={"detail": f"还没有写{WITH_DETAIL[kind]}"},
            )
        if row.marks.filter(kind=kind, detail=detail, until__isnull=True).exists():
            raise RuleBroken("M.8", f"已经有“{kind.label}”这个标注。")
        mark = LicenceMark.objects.create(licence=row, kind=kind, detail=detail, since=clock.now())
        act.note("mark", kind.value)
        act.secret("detail", detail)
        _tell("licence_marked", row, kind, detail)
    return mark


def take_off(*, actor: Actor, licence: Licence, kind: MarkKind, detail: str = "") -> LicenceMark:
    """Takes a mark off; that it was there stays in the history. Article: M.8, M.23."""
    with acting(actor, Action.MARK_TAKEN_OFF, licence.subject) as act:
        permit(actor, Capability.CHANGE_LICENCES, licence.issuing_department_id)
        row = _locked(licence)
        mark = row.marks.filter(kind=kind, detail=detail.strip(), until__isnull=True).first()
        if mark is None:
            raise RuleBroken("M.8", f"没有“{kind.label}”这个标注，不用取消。")
        mark.until = clock.now()
        mark.save(update_fields=["until"])
        act.note("mark", kind.value)
        act.secret("detail", mark.detail)
        _tell("licence_unmarked", row, kind, mark.detail)
    return mark


def _locked(licence: Licence) -> Licence:
    return lock(Licence.objects.select_related("issuing_department", "entry"), pk=licence.pk)


def _tell(topic: str, row: Licence, kind: MarkKind, detail: str) -> None:
    version = LicenceVersion.objects.get(licence=row, no=row.version_no)
    content = {**content_of(row, version), "mark": {"kind": kind.value, "detail": detail}}
    subject = row.subject
    post(topic, row.issuing_department, subject, next_version(subject), content)
