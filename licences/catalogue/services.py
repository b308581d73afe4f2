"""Compile, submit, check and publish catalogue entries (M.5, M.6, P.2.1)."""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError
from django.db.models import Max
from django.urls import reverse

from audit.trail.recording import acting
from audit.trail.selectors import of_subject as records_of
from licences.catalogue.rules import entry_fault, roles_fault, type_code_fault
from licences.catalogue.service_items import check_service_items, enter_service_items
from licences.data_items import KINDS, items_of
from licences.lifecycle import ENTRY
from licences.materials import materials_fault, materials_of
from licences.models import CatalogueEntry
from licences.production.face import catalogue as faces
from licences.production.face_input import face_items, layout_for
from zezhou_portal.kernel import clock
from zezhou_portal.kernel.actors import Actor
from zezhou_portal.kernel.locks import lock, lock_all
from zezhou_portal.parties.access import permit
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.parties.models import Department, Role
from zezhou_portal.parties.notices.services import tell
from zezhou_portal.regulation.actions import Action
from zezhou_portal.regulation.errors import FormFault, RuleBroken
from zezhou_portal.regulation.identifiers import normalise_code

# What a department writes in an entry; everything else follows from it.
WRITTEN = (
    "name", "code_source", "defining_department_name", "supervisor", "holder_kind",
    "several_holders", "validity_years", "validity_months", "may_be_long_term",
    "conditions", "items", "number_rule", "seal_kind",
    "about", "legal_basis", "service_items", "materials", "working_days",
)  # fmt: skip


def compile_entry(
    *,
    actor: Actor,
    department: Department,
    type_code: str,
    written: Mapping[str, Any],
    joins: bool = False,
) -> CatalogueEntry:
    """Starts a department's first draft of a kind.

    Raises RuleBroken for a code that stands at the department already, which never opens another
    edition by itself, and for one that others issue unless the department `joins` them.
    Article: M.6.
    """
    with acting(actor, Action.ENTRY_COMPILED) as act:
        permit(actor, Capability.COMPILE_ENTRIES, department.pk)
        type_code = normalise_code(type_code)
        if fault := type_code_fault(type_code):
            raise FormFault("M.6", f"{fault}。", fields={"type_code": fault})
        check_standing(type_code, department, str(written.get("name", "")), joins=joins)
        entry = _draft(actor, department, type_code, 1, written)
        act.set_subject(entry.subject)
        act.note("edition", entry.edition)
    return entry


def start_edition(
    *, actor: Actor, entry: CatalogueEntry, written: Mapping[str, Any]
) -> CatalogueEntry:
    """Starts the next edition of a department's kind, after the one in force or taken down.

    Raises RuleBroken while another edition is open. Article: M.6.
    """
    with acting(actor, Action.EDITION_STARTED, entry.subject) as act:
        permit(actor, Capability.COMPILE_ENTRIES, entry.issuing_department_id)
        editions = CatalogueEntry.objects.filter(
            type_code=entry.type_code, issuing_department_id=entry.issuing_department_id
        )
        if editions.filter(state__in=("DRAFT", "SUBMITTED")).exists():
            raise RuleBroken("M.6", f"{entry.name}已有一版在编制或报送中，先办完那一版。")
        last = editions.aggregate(last=Max("edition"))["last"]
        draft = _draft(actor, entry.issuing_department, entry.type_code, last + 1, written)
        act.set_subject(draft.subject)
        act.note("edition", draft.edition)
    return draft


def _draft(
    actor: Actor, department: Department, type_code: str, edition: int, written: Mapping[str, Any]
) -> CatalogueEntry:
    layout, digest = layout_for(type_code)
    entry = CatalogueEntry(
        type_code=type_code,
        edition=edition,
        issuing_department=department,
        layout=layout,
        layout_digest=digest,
        compiled_by_key=actor.key,
        compiled_at=clock.now(),
    )
    _write(entry, written)
    try:
        entry.save()
    except IntegrityError as error:  # a colleague began the same edition this instant
        sentence = f"{entry.name}已有一版在编制或报送中，先办完那一版。"
        raise RuleBroken("M.6", sentence) from error
    return entry


def amend_entry(
    *, actor: Actor, entry: CatalogueEntry, written: Mapping[str, Any]
) -> CatalogueEntry:
    """Changes a draft. Article: M.6."""
    with acting(actor, Action.ENTRY_AMENDED, entry.subject) as act:
        permit(actor, Capability.COMPILE_ENTRIES, entry.issuing_department_id)
        row = _locked(entry)
        if row.state != "DRAFT":
            raise RuleBroken(
                "M.6", f"{row.name}{ENTRY.labels[row.state]}，不能再改。要改请编制新的一版。"
            )
        act.note("changed", _write(row, written))
        row.layout, row.layout_digest = layout_for(row.type_code)  # the portal's present one
        row.save()
    return row


def submit_entry(*, actor: Actor, entry: CatalogueEntry) -> CatalogueEntry:
    """Sends a draft to the bureau. Article: M.6."""
    with acting(actor, Action.ENTRY_SUBMITTED, entry.subject) as act:
        permit(actor, Capability.COMPILE_ENTRIES, entry.issuing_department_id)
        row = _locked(entry)
        target = ENTRY.move(row.state, "submit")
        row.layout, row.layout_digest = layout_for(row.type_code)  # the portal's present one
        check_entry(row)
        act.fact("state", row.state, target)
        row.state, row.submitted_at, row.remarks = target, clock.now(), ""
        row.save(update_fields=["state", "submitted_at", "remarks", "layout", "layout_digest"])
    return row


def send_back_entry(*, actor: Actor, entry: CatalogueEntry, remarks: str) -> CatalogueEntry:
    """Gives an entry back to its department with remarks. Article: M.5."""
    with acting(actor, Action.ENTRY_RETURNED, entry.subject) as act:
        permit(actor, Capability.PUBLISH_ENTRIES)
        row = _locked(entry)
        target = ENTRY.move(row.state, "send_back")
        if not remarks.strip():
            raise FormFault("M.5", "还没有写退回意见。", fields={"remarks": "还没有写退回意见"})
        act.fact("state", row.state, target)
        row.state, row.remarks = target, remarks.strip()[:500]
        row.save(update_fields=["state", "remarks"])
        tell(
            department=row.issuing_department,
            role=Role.CATALOGUE_COMPILER,
            action=Action.ENTRY_RETURNED,
            title=f"{row.name}的目录被退回",
            body=row.remarks,
            link=reverse("licences:entry", args=[row.uuid]),
            subject=row.subject,
            urgent=True,
        )
    return row


def publish_entry(*, actor: Actor, entry: CatalogueEntry) -> CatalogueEntry:
    """Publishes an entry in place of the edition before it; never by whoever compiled it.

    Its service items are from now on those that lead to the kind at its department.

    Article: M.5, P.2.1.1.
    """
    with acting(actor, Action.ENTRY_PUBLISHED, entry.subject) as act:
        permit(actor, Capability.PUBLISH_ENTRIES)
        row = _locked(entry)
        target = ENTRY.move(row.state, "publish")
        if row.compiled_by_key == actor.key or _had_a_hand(actor, row):
            raise RuleBroken("M.5", "这一版是您编制的，要由别人核对后公布。")
        check_entry(row)
        formers = CatalogueEntry.objects.filter(
            type_code=row.type_code,
            issuing_department_id=row.issuing_department_id,
            state="PUBLISHED",
        ).select_related("issuing_department")
        for former in lock_all(formers):
            act.add_record(former.subject, {"state": ["PUBLISHED", "REPLACED"]})
            former.state = ENTRY.move(former.state, "replace")
            former.save(update_fields=["state"])
        act.fact("state", row.state, target)
        act.note("layout", row.layout_digest)
        row.state, row.published_at = target, clock.now()
        row.save(update_fields=["state", "published_at"])
        enter_service_items(row)
    return row


def withdraw_entry(*, actor: Actor, entry: CatalogueEntry) -> CatalogueEntry:
    """Takes an entry down; licences issued under it stay as they are. Article: M.6."""
    with acting(actor, Action.ENTRY_WITHDRAWN, entry.subject) as act:
        permit(actor, Capability.PUBLISH_ENTRIES)
        row = _locked(entry)
        target = ENTRY.move(row.state, "withdraw")
        act.fact("state", row.state, target)
        row.state = target
        row.save(update_fields=["state"])
    return row


def discard_entry(*, actor: Actor, entry: CatalogueEntry) -> CatalogueEntry:
    """Gives a draft up: its own department may, as long as the bureau does not have it.

    Article: M.6.
    """
    with acting(actor, Action.ENTRY_DISCARDED, entry.subject) as act:
        permit(actor, Capability.COMPILE_ENTRIES, entry.issuing_department_id)
        row = _locked(entry)
        target = ENTRY.move(row.state, "withdraw")
        if row.state != "DRAFT":
            raise RuleBroken("M.6", f"{row.name}{ENTRY.labels[row.state]}，不是草稿，不能放弃。")
        act.fact("state", row.state, target)
        row.state = target
        row.save(update_fields=["state"])
    return row


def check_entry(entry: CatalogueEntry) -> None:
    """Whether an entry can become a licence: items sound, face fit, number rule complete.

    Raises RuleBroken with the first thing that is wrong (M.6).
    """
    try:
        items = items_of(entry.items)
    except (KeyError, TypeError) as error:
        raise RuleBroken("M.6", f"{entry.name}的数据项读不出来，请重新编制。") from error
    if not items:
        raise RuleBroken("M.6", f"{entry.name}还没有数据项。")
    keys = [item.key for item in items]
    if len(set(keys)) != len(keys):
        raise RuleBroken("M.6", f"{entry.name}有数据项的键重复。")
    strange = next((item for item in items if item.kind not in KINDS), None)
    if strange is not None:
        raise RuleBroken("M.6", f"数据项“{strange.name}”的类型“{strange.kind}”不认识。")
    if "holder_name" not in keys:
        raise RuleBroken("M.6", f"{entry.name}缺少持证主体名称这一数据项。")
    rule = entry.number_rule.get("rule")
    if rule == "same_as" and entry.number_rule.get("item") not in keys:
        raise RuleBroken("M.6", f"{entry.name}的编号取自一个没有的数据项。")
    if rule not in {"typed", "same_as", "generated"}:
        raise RuleBroken("M.6", f"{entry.name}没有写明编号怎么来。")
    if wrong := entry_fault(items, entry.number_rule):
        raise RuleBroken("M.6", f"{entry.name}的{wrong}")
    if wrong := roles_fault(items, several_holders=entry.several_holders):
        raise RuleBroken("M.7", f"{entry.name}{wrong}")
    try:
        faces.validate(entry.layout, face_items(entry))
    except faces.LayoutUnfit as fault:
        raise RuleBroken("M.6", f"{entry.name}的照面模板不合用：{fault}") from fault
    _check_guide(entry)


def _check_guide(entry: CatalogueEntry) -> None:
    """Whether an entry says on what it rests, which items lead to it, how it may be used."""
    if not entry.legal_basis.strip():
        raise RuleBroken("M.6", f"{entry.name}还没有写设定依据。")
    if not entry.service_items:
        raise RuleBroken("P.2.1.1", f"{entry.name}还没有写对应的政务服务事项。")
    check_service_items(entry)
    if wrong := materials_fault(materials_of(entry.materials)):
        raise RuleBroken("M.6", f"{entry.name}的{wrong}")
    if entry.sensitive_words and not entry.conditions.strip():
        raise RuleBroken(
            "M.22", f"按数据项，{entry.name}含{entry.sensitive_words}，还没有写明使用要求。"
        )


def check_standing(type_code: str, department: Department, name: str, *, joins: bool) -> None:
    """Whether a department may begin with a type code: it is new, or it joins the others.

    Raises RuleBroken with what stands there already, at its field (M.6).
    """
    rows = CatalogueEntry.objects.filter(type_code=type_code).select_related("issuing_department")
    own = rows.filter(issuing_department=department).order_by("-edition").first()
    if own is not None:
        sentence = (
            f"这个代码本单位已有：{own.name}第 {own.edition} 版，{ENTRY.labels[own.state]}。"
            "要改，从那一版编制新的一版"
        )
        raise RuleBroken("M.6", f"{sentence}。", fields={"type_code": sentence})
    other = rows.filter(state="PUBLISHED").order_by("pk").first()
    if other is None:
        return
    if not joins:
        sentence = (
            f"这个代码已有：{other.issuing_department.name}的{other.name}。"
            "请核对代码；本单位也制发同一种证照的，照它编制本单位的一版"
        )
        raise RuleBroken("M.6", f"{sentence}。", fields={"type_code": sentence})
    if name != other.name:
        sentence = f"同一个代码是“{other.name}”，名称要一致"
        raise RuleBroken("M.6", f"{sentence}。", fields={"name": sentence})


def _had_a_hand(actor: Actor, entry: CatalogueEntry) -> bool:
    """Whether somebody wrote in an entry or submitted it, as the trail tells (M.5)."""
    subject = entry.subject
    acts = (
        Action.ENTRY_COMPILED, Action.EDITION_STARTED, Action.ENTRY_AMENDED,
        Action.ENTRY_SUBMITTED,
    )  # fmt: skip
    told = records_of(subject.kind, subject.key).filter(actor_key=actor.key, outcome="done")
    return bool(told.filter(action__in=[one.code for one in acts]).exists())


def _locked(entry: CatalogueEntry) -> CatalogueEntry:
    return lock(CatalogueEntry.objects.select_related("issuing_department"), pk=entry.pk)


def _write(entry: CatalogueEntry, written: Mapping[str, Any]) -> list[str]:
    changed = [
        name for name in WRITTEN if name in written and getattr(entry, name) != written[name]
    ]
    for name in changed:
        setattr(entry, name, written[name])
    return changed
