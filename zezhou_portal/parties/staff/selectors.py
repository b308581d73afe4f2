"""Departments, accounts, postings, and the gaps of M.24."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from zezhou_portal.kernel import clock
from zezhou_portal.parties.models import Account, Department, DepartmentFunction, Posting
from zezhou_portal.parties.postings import live_postings_on
from zezhou_portal.parties.waiting.rooms import with_work


def roles_of(account: Account, on: date) -> set[str]:
    """The roles a person holds on a day or will hold later, in any department, covers included."""
    return set(
        account.postings.filter(
            Q(until_on__isnull=True) | Q(until_on__gte=on), ended_at__isnull=True
        ).values_list("role", flat=True)
    )


def open_departments() -> QuerySet[Department]:
    """Departments that are open, bureau first, then by name."""
    return Department.objects.filter(is_open=True).order_by("name")


def departments_named(rows: QuerySet[Department], part: str) -> QuerySet[Department]:
    """Of the departments those whose name or credit code holds a part."""
    return rows.filter(Q(name__icontains=part) | Q(credit_code__icontains=part))


def with_function(rows: QuerySet[Department], function: str) -> QuerySet[Department]:
    """Of the departments those with a function (M.3)."""
    return rows.filter(functions__contains=[function])


def issuing_departments() -> QuerySet[Department]:
    """Open departments that issue licences (M.3)."""
    return open_departments().filter(functions__contains=[DepartmentFunction.ISSUING.value])


def accounts() -> QuerySet[Account]:
    """Every account with its department."""
    return Account.objects.select_related("department")


def accounts_named(rows: QuerySet[Account], part: str) -> QuerySet[Account]:
    """Of the accounts those whose user name, name or department holds a part."""
    return rows.filter(
        Q(username__icontains=part) | Q(name__icontains=part) | Q(department__name__icontains=part)
    )


def departments_without_named_person(on: date) -> QuerySet[Department]:
    """Issuing and using departments that have no named person: the gaps of M.24."""
    named = live_postings_on(on).filter(is_named_person=True, covers__isnull=True)
    duty = [DepartmentFunction.ISSUING.value, DepartmentFunction.USING.value]
    return (
        open_departments()
        .filter(functions__overlap=duty)
        .exclude(pk__in=named.values("department_id"))
    )


def named_persons_of(department: Department) -> QuerySet[Account]:
    """Who is named for a department today (M.24), their covers not among them."""
    named = live_postings_on(clock.today()).filter(
        department=department, is_named_person=True, covers__isnull=True
    )
    return Account.objects.filter(pk__in=named.values("account_id")).order_by("pk")


def is_named_person_of(account_id: int | None, department_id: int) -> bool:
    """Whether somebody is named for a department today (M.24)."""
    return (
        live_postings_on(clock.today())
        .filter(
            account_id=account_id or 0,
            department_id=department_id,
            is_named_person=True,
            covers__isnull=True,
        )
        .exists()
    )


@dataclass
class Staff:
    """A department and its postings of today and later, as the people page lists them."""

    department: Department
    postings: list[Posting] = field(default_factory=list)
    has_named_person: bool = False
    must_name: bool = False


def departments_to_staff(on: date) -> QuerySet[Department]:
    """Open departments; `rank` is 0 for the gaps of M.24, so that these can come first."""
    gap = When(pk__in=departments_without_named_person(on).values("pk"), then=Value(0))
    rank = Case(gap, default=Value(1), output_field=IntegerField())
    return open_departments().annotate(rank=rank)


def staff_of(departments: Sequence[Department], on: date) -> list[Staff]:
    """Departments with the postings that have not ended, in the order given."""
    staff = {row.pk: Staff(row) for row in departments}
    rows = (
        Posting.objects.filter(
            Q(until_on__isnull=True) | Q(until_on__gte=on),
            department__in=staff,
            ended_at__isnull=True,
            account__is_active=True,
        )
        .select_related("account", "department", "covers", "covers__account")
        .order_by("role", "account__username")
    )
    for row in rows:
        here = staff[row.department_id]
        here.postings.append(row)
        here.has_named_person |= row.is_named_person and row.is_live(on)
    duty = {DepartmentFunction.ISSUING.value, DepartmentFunction.USING.value}
    for here in staff.values():
        here.must_name = bool(duty & set(here.department.functions))
    return list(staff.values())


def leavers() -> QuerySet[Account]:
    """People without a living posting in whose names work stands (`work_count`), by account."""
    here = live_postings_on(clock.today()).values("account_id")
    rows = with_work(Account.objects.exclude(pk__in=here))
    return rows.select_related("department").order_by("username")
