"""Departments: opened, changed and closed by the bureau (M.3, M.31)."""

from collections.abc import Sequence

from audit.trail.recording import acting
from zezhou_portal.kernel import clock
from zezhou_portal.kernel.actors import Actor
from zezhou_portal.kernel.locks import lock
from zezhou_portal.parties.access import permit
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.parties.models import Department, DepartmentFunction, Posting
from zezhou_portal.parties.phones import phone_fault
from zezhou_portal.parties.postings import live_postings_on
from zezhou_portal.parties.staff.rules import check_role_fits
from zezhou_portal.parties.waiting import rooms
from zezhou_portal.regulation.actions import Action
from zezhou_portal.regulation.errors import FormFault, RuleBroken
from zezhou_portal.regulation.identifiers import credit_code_fault, normalise_code


def open_department(
    *,
    actor: Actor,
    name: str,
    credit_code: str,
    kind: str,
    functions: Sequence[str],
    phone: str = "",
) -> Department:
    """Enters a department, township or public utility in the portal. Article: M.3."""
    with acting(actor, Action.DEPARTMENT_OPENED) as act:
        permit(actor, Capability.MANAGE_DEPARTMENTS)
        name, credit_code = name.strip(), normalise_code(credit_code)
        phone = "".join(phone.split())
        _check(name, functions, phone)
        fault = credit_code_fault(credit_code)
        holder = Department.objects.filter(credit_code=credit_code).first()
        if holder is not None:
            fault = f"这个代码已经登记在“{holder.name}”名下。请核对代码。"
        if fault:
            raise FormFault("M.3", "单位没有登记。", fields={"credit_code": fault})
        row = Department.objects.create(
            name=name, credit_code=credit_code, kind=kind, functions=list(functions), phone=phone
        )
        act.set_subject(row.subject)
        act.note("credit_code", credit_code)
        act.note("functions", list(functions))
    return row


def change_department(
    *,
    actor: Actor,
    department: Department,
    name: str,
    kind: str,
    functions: Sequence[str],
    phone: str = "",
) -> Department:
    """Changes a department's name, kind, functions or phone; its credit code never changes.

    A function that people there are posted for stays until they are dismissed.
    Article: M.3.
    """
    with acting(actor, Action.DEPARTMENT_CHANGED, department.subject) as act:
        permit(actor, Capability.MANAGE_DEPARTMENTS, department.pk)
        row = lock(Department.objects.all(), pk=department.pk)
        _check_open(row)
        name = name.strip()
        phone = "".join(phone.split())
        _check(name, functions, phone, itself=row)
        _check_functions_kept(row, functions)
        told = {"name": name, "kind": kind, "functions": list(functions), "phone": phone}
        for field, after in told.items():
            before = getattr(row, field)
            if before != after:
                act.fact(field, before, after)
                setattr(row, field, after)
        row.save(update_fields=["name", "kind", "functions", "phone"])
    return row


def close_department(*, actor: Actor, department: Department) -> Department:
    """Closes a department whose work is done and whose people are dismissed. Article: M.3."""
    with acting(actor, Action.DEPARTMENT_CLOSED, department.subject) as act:
        permit(actor, Capability.MANAGE_DEPARTMENTS, department.pk)
        row = lock(Department.objects.all(), pk=department.pk)
        _check_open(row)
        if row.has_function(DepartmentFunction.MANAGEMENT):
            raise RuleBroken("M.5", "管理单位不能停用。")
        waiting = rooms.of_department(row.pk)
        if waiting:
            words = "、".join(str(work) for work in waiting)
            raise RuleBroken("M.3", f"{row.name}还有 {words}没有办结。先办结或移交，再停用。")
        people = live_postings_on(clock.today()).filter(department=row).count()
        if people:
            raise RuleBroken(
                "M.24", f"{row.name}还有 {people} 个岗位有人。先免去这些岗位，再停用。"
            )
        row.is_open, row.closed_on = False, clock.today()
        row.save(update_fields=["is_open", "closed_on"])
        act.fact("is_open", True, False)  # noqa: FBT003
    return row


def _check(
    name: str, functions: Sequence[str], phone: str, *, itself: Department | None = None
) -> None:
    fields = {}
    if phone and (fault := phone_fault(phone)):
        fields["phone"] = fault
    if not name:
        fields["name"] = "还没有填单位名称。"
    else:
        others = Department.objects.filter(name=name, is_open=True)
        if itself is not None:
            others = others.exclude(pk=itself.pk)
        if others.exists():
            fields["name"] = f"已经有叫“{name}”的单位。请核对，或写全称。"
    if not functions:
        fields["functions"] = "至少选一项职能。"
    if fields:
        raise FormFault("M.3", "请改好标出的地方。", fields=fields)


def _check_open(row: Department) -> None:
    if not row.is_open:
        raise RuleBroken("M.3", f"{row.name}已经停用。")


def _check_functions_kept(row: Department, functions: Sequence[str]) -> None:
    roles = Posting.objects.filter(department=row, ended_at__isnull=True)
    for role in roles.values_list("role", flat=True).distinct():
        try:
            check_role_fits(role, functions)
        except RuleBroken as refusal:
            sentence = "还有人在这项职能的岗位上。先免去岗位，再去掉职能。"
            raise RuleBroken(refusal.article, sentence, fields={"functions": sentence}) from refusal
