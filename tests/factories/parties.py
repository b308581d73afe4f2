"""Departments, accounts, postings and holders that are valid as they stand."""

from datetime import date

import factory
from django_otp.plugins.otp_totp.models import TOTPDevice

from zezhou_portal.kernel import vault
from zezhou_portal.kernel.names import bigrams
from zezhou_portal.parties.models import (
    Account,
    Department,
    DepartmentFunction,
    Holder,
    HolderKind,
    IdentityType,
    Notification,
    Posting,
    Role,
)
from zezhou_portal.regulation.identifiers import _CREDIT_ALPHABET, _CREDIT_WEIGHTS

PASSWORD = "right-horse-battery-7"


def credit_code(serial: int, head: str = "11140525") -> str:
    """A credit code with a right check character that belongs to nobody."""
    body = f"{head}{serial:09d}"
    total = sum(_CREDIT_ALPHABET.index(c) * w for c, w in zip(body, _CREDIT_WEIGHTS, strict=True))
    return body + _CREDIT_ALPHABET[(31 - total % 31) % 31]


def citizen_id(serial: int, born: str = "19900101") -> str:
    """A citizen id number with a right check character that belongs to nobody."""
    body = f"140525{born}{serial:03d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(digit) * weight for digit, weight in zip(body, weights, strict=True))
    return body + "10X98765432"[total % 11]


class DepartmentFactory(factory.django.DjangoModelFactory):
    """A county department that uses licences."""

    class Meta:
        model = Department

    class Params:
        bureau = factory.Trait(
            functions=[
                DepartmentFunction.MANAGEMENT.value,
                DepartmentFunction.ISSUING.value,
                DepartmentFunction.USING.value,
                DepartmentFunction.SEAL.value,
            ]
        )
        issuing = factory.Trait(
            functions=[
                DepartmentFunction.ISSUING.value,
                DepartmentFunction.USING.value,
                DepartmentFunction.SEAL.value,
            ]
        )
        closed = factory.Trait(is_open=False, closed_on=date(2026, 1, 31))

    name = factory.Sequence(lambda n: f"样例第{n + 1}局")
    credit_code = factory.Sequence(lambda n: credit_code(900_000 + n))
    kind = "county"
    functions = [DepartmentFunction.USING.value]


def device_for(account: Account) -> TOTPDevice:
    """The phone of an account that has its row, not saved yet."""
    return TOTPDevice(user=account, name="动态口令", key=f"{account.pk:040x}")


class AccountFactory(factory.django.DjangoModelFactory):
    """A member of staff with a password of their own (`PASSWORD`) and a second factor set up."""

    class Meta:
        model = Account
        skip_postgeneration_save = True

    class Params:
        closed = factory.Trait(is_active=False)
        fresh = factory.Trait(must_change_password=True, device=None)

    username = factory.Sequence(lambda n: f"staff.{n + 1}")
    name = factory.Sequence(lambda n: f"样例{n + 1}")
    department = factory.SubFactory(DepartmentFactory)
    password = factory.django.Password(PASSWORD)
    must_change_password = False

    @factory.post_generation
    def device(self, create, extracted, **kwargs):
        """The phone; the trait `fresh` leaves it out."""
        if create and not self.must_change_password:
            device_for(self).save()


class PostingFactory(factory.django.DjangoModelFactory):
    """A clerk's posting that began at the start of the year and has no end."""

    class Meta:
        model = Posting

    class Params:
        ended = factory.Trait(ended_at="2026-06-30T10:00:00+08:00")
        named = factory.Trait(is_named_person=True)

    department = factory.SubFactory(DepartmentFactory, issuing=True)
    account = factory.SubFactory(AccountFactory, department=factory.SelfAttribute("..department"))
    role = Role.CAPTURE_CLERK.value
    from_on = date(2026, 1, 1)


class HolderFactory(factory.django.DjangoModelFactory):
    """A natural person with a citizen id number."""

    class Meta:
        model = Holder

    class Params:
        enterprise = factory.Trait(
            kind=HolderKind.LEGAL_PERSON.value,
            name=factory.Sequence(lambda n: f"泽州县样例第{n + 1}有限公司"),
            identity_type=IdentityType.CREDIT_CODE.value,
            identity_number=factory.Sequence(lambda n: credit_code(100_000 + n, "91140525")),
        )
        outside = factory.Trait(
            identity_type="",
            identity_number="",
            outside_subject=factory.Sequence(lambda n: f"subject-{n + 1}"),
        )

    kind = HolderKind.NATURAL_PERSON.value
    name = factory.Sequence(lambda n: f"张样{n + 1}")
    identity_type = IdentityType.CITIZEN_ID.value
    # of another birthday than the numbers that tests write out, however many were made before
    identity_number = factory.Sequence(lambda n: citizen_id(n % 1000, "19850505"))
    name_bigrams = factory.LazyAttribute(lambda one: bigrams(one.name))
    identity_index = factory.LazyAttribute(
        lambda one: (
            vault.blind(f"{one.identity_type}:{one.identity_number}")
            if one.identity_number
            else None
        )
    )


class NotificationFactory(factory.django.DjangoModelFactory):
    """An unread message."""

    class Meta:
        model = Notification

    account = factory.SubFactory(AccountFactory)
    action = "work_handed_on"
    title = factory.Sequence(lambda n: f"第{n + 1}条消息")
    body = "请看一看。"
