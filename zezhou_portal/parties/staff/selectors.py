"""Departments, accounts, postings, and the gaps of M.24."""

from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q, QuerySet

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


def departments_named(part: str) -> QuerySet[Department]:
    """Departments, closed ones last, whose name or credit code holds a part."""
    found = Q(name__icontains=part) | Q(credit_code__icontains=part)
    return Department.objects.filter(found).order_by("-is_open", "name")


def issuing_departments() -> QuerySet[Department]:
    """Open departments that issue licences (M.3)."""
    return open_departments().filter(functions__contains=[DepartmentFunction.ISSUING.value])


def accounts_named(part: str) -> QuerySet[Account]:
    """Accounts, closed ones last, whose user name, name or department holds a part."""
    found = (
        Q(username__icontains=part) | Q(name__icontains=part) | Q(department__name__icontains=part)
    )
    return (
        Account.objects.filter(found)
        .select_related("department")
        .order_by("-is_active", "department__name", "username")
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


@dataclass
class Staff:
    """A department and its postings of today and later, as the people page lists them."""

    department: Department
    postings: list[Posting] = field(default_factory=list)
    has_named_person: bool = False
    must_name: bool = False


def staff_of_departments(on: date, *, part: str = "") -> list[Staff]:
    """Open departments with the postings that have not ended; gaps of M.24 first."""
    departments = list(open_departments().filter(name__icontains=part))
    staff = {row.pk: Staff(row) for row in departments}
    rows = (
        Posting.objects.filter(
            Q(until_on__isnull=True) | Q(until_on__gte=on),
            department__in=departments,
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
    return sorted(
        staff.values(),
        key=lambda one: (not (one.must_name and not one.has_named_person), one.department.name),
    )


def leavers() -> QuerySet[Account]:
    """People without a living posting in whose names work stands (`work_count`), by account."""
    here = live_postings_on(clock.today()).values("account_id")
    rows = with_work(Account.objects.exclude(pk__in=here))
    return rows.select_related("department").order_by("username")
