"""What the auditor asks the trail about: one licence, one holder, one official; found in words.

Names and numbers are shown masked (M.26): the auditor sees what happened, not what stands in the
register. A thing is written in an address as kind and key, so that nothing personal stands there.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar
from uuid import UUID

from django.db.models import Model, Prefetch, QuerySet

from licences.models import Application, ApplicationHolder, Licence, LicenceHolder
from licences.register.search import found_by
from zezhou_portal.kernel.subjects import Subject
from zezhou_portal.parties.holders.selectors import holders_named
from zezhou_portal.parties.masking import mask_identity, mask_name
from zezhou_portal.parties.models import Account, Holder, HolderKind

Row = TypeVar("Row", bound=Model)
MOST = 20
LICENCE, HOLDER, ACCOUNT = "licence", "holder", "account"


@dataclass(frozen=True)
class Thing:
    """One licence, holder or official: what to call it, and under which names the trail has it.

    `subjects` are those that the trail names for it; an official is one who acts (`actor_key`).
    `own_keys` are the actors who look at what is their own.
    """

    kind: str
    key: str
    words: str
    more: str
    subject: Subject
    subjects: Sequence[Subject] = ()
    actor_key: str = ""
    own_keys: frozenset[str] = frozenset()

    @property
    def code(self) -> str:
        """How an address names it."""
        return f"{self.kind}:{self.key}"


def things_found(text: str) -> list[Thing]:
    """Licences by identifier, number or part of a holder's name; holders and officials by name.

    At most `MOST` of each; a name needs two characters.
    """
    wanted = text.strip()
    if len(wanted) < 2:
        return []
    licences = found_by(_licences(), wanted).order_by("-entered_at", "-pk")[:MOST]
    accounts = Account.objects.filter(name__icontains=wanted).order_by("name", "pk")[:MOST]
    return [
        *(_licence(row) for row in licences),
        *(_holder(row) for row in holders_named(wanted)),
        *(_account(row) for row in accounts),
    ]


def thing_of(code: str) -> Thing | None:
    """The thing that an address names; None where there is none."""
    kind, _, key = code.partition(":")
    try:
        uuid = UUID(key)
    except ValueError:
        return None
    find: dict[str, Callable[[UUID], Thing | None]] = {
        LICENCE: lambda key: _one(_licences().filter(uuid=key), _licence),
        HOLDER: lambda key: _one(Holder.objects.filter(uuid=key), _whole_holder),
        ACCOUNT: lambda key: _one(Account.objects.filter(uuid=key), _account),
    }
    return find[kind](uuid) if kind in find else None


def name_shown(holder: Holder) -> str:
    """A holder's name as the auditor is shown it: a natural person's masked."""
    is_person = holder.kind == HolderKind.NATURAL_PERSON
    return mask_name(holder.name) if is_person else holder.name


def _one(rows: "QuerySet[Row]", make: "Callable[[Row], Thing]") -> Thing | None:
    row = rows.first()
    return make(row) if row is not None else None


def _licences() -> "QuerySet[Licence]":
    links = Prefetch("holder_links", LicenceHolder.objects.select_related("holder"))
    return Licence.objects.select_related("issuing_department", "application").prefetch_related(
        links
    )


def _subjects_of(licence: Licence) -> list[Subject]:
    application = licence.application
    return [licence.subject, *([application.subject] if application else [])]


def _licence(licence: Licence) -> Thing:
    holders = [link.holder for link in licence.holder_links.all()]
    names = "、".join(name_shown(one) for one in holders) or "（没有登记持证人）"
    return Thing(
        kind=LICENCE,
        key=str(licence.uuid),
        words=f"{licence.kind_name} {licence.number}",
        more=f"持证人 {names}，{licence.issuing_department.name}制发",
        subject=licence.subject,
        subjects=_subjects_of(licence),
        own_keys=frozenset(str(one.uuid) for one in holders),
    )


def _holder(holder: Holder, licences: Sequence[Licence] = ()) -> Thing:
    number = mask_identity(holder.identity_number) if holder.identity_number else "没有号码"
    return Thing(
        kind=HOLDER,
        key=str(holder.uuid),
        words=f"{name_shown(holder)}（{holder.get_kind_display()}）",
        more=f"{holder.get_identity_type_display()} {number}".strip(),
        subject=holder.subject,
        subjects=[holder.subject, *(one for row in licences for one in _subjects_of(row))],
        own_keys=frozenset({str(holder.uuid)}),
    )


def _whole_holder(holder: Holder) -> Thing:
    """A holder with everything that is theirs: licences, and applications on their way.

    Of two thousand licences the names under which the trail has them are read, and nothing else.
    """
    mine = [holder.pk, *holder.also.values_list("pk", flat=True)]
    held = LicenceHolder.objects.filter(holder__in=mine).values("licence")
    licences = Licence.objects.filter(pk__in=held).select_related("application")
    shown = licences.only(
        "uuid", "kind_name", "identifier", "application__uuid", "application__number"
    )
    asked = ApplicationHolder.objects.filter(holder__in=mine).values("application")
    waiting = Application.objects.filter(pk__in=asked, licence__isnull=True)
    found = _holder(holder, list(shown))
    subjects = [*found.subjects, *(row.subject for row in waiting.only("uuid", "number"))]
    return replace(found, subjects=subjects)


def _account(account: Account) -> Thing:
    return Thing(
        kind=ACCOUNT,
        key=str(account.uuid),
        words=f"{account.name}（工作人员）",
        more=f"账号 {account.username}",
        subject=account.subject,
        subjects=[account.subject],
        actor_key=str(account.uuid),
    )
