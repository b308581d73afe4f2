"""Finding holders: by exact identity, by phone, by part of a name."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from zezhou_portal.kernel import vault
from zezhou_portal.kernel.actors import Actor
from zezhou_portal.kernel.names import bigrams, normalise_name
from zezhou_portal.parties.models import Holder, HolderChange, HolderMerge
from zezhou_portal.regulation.identifiers import normalise_code

MOST = 20
# The states of an application that another hand than its clerk's has approved.
APPROVED_BY_ANOTHER = ("APPROVED", "CONCLUDED")


def identity_index(identity_type: str, number: str) -> str:
    """The blind index of an identity: what the database can compare without the number."""
    return vault.blind(f"{identity_type}:{normalise_code(number)}")


def phone_index(phone: str) -> str:
    """The blind index of a phone number, however it is written; nothing for no number."""
    digits = "".join(character for character in phone if character.isdigit())
    return vault.blind(f"phone:{digits}") if digits else ""


def holders_with_phone(phone: str) -> "QuerySet[Holder]":
    """The holders who gave this phone number; a family may share one."""
    index = phone_index(phone)
    return Holder.objects.filter(phone_index=index).exclude(phone_index="").order_by("pk")[:MOST]


def holder_with_identity(identity_type: str, number: str) -> Holder | None:
    """The holder whom an identity names."""
    index = identity_index(identity_type, number)
    return Holder.objects.filter(identity_index=index).first()


def holder_with_subject(outside_subject: str) -> Holder | None:
    """The holder known to an outside identity service by a subject."""
    return Holder.objects.filter(outside_subject=outside_subject).first()


def holders_dealt_with_by(actor: Actor) -> "QuerySet[Holder]":
    """The holders whom the acting department entered, or whose licence or approved matter it has.

    Receiving an application is one clerk's act and gives no right; that another hand approved it
    does, and one that was withdrawn or refused never did.

    Whom a department has never dealt with it may find by number or name, so that nobody is entered
    twice, but not change (ours; M.26 asks for access control and leaves the line to us). Each way
    is asked by itself: joined, somebody's licences stand once for each of their applications.
    """
    own = actor.department_id or 0
    dealt_with = Q()
    for known_as in ("pk", "same_as"):  # or whom somebody of theirs was found to be
        rows = Holder.objects.filter(**{known_as: OuterRef("pk")})
        for way in (
            Q(entered_by_department_id=own),
            Q(
                application_links__application__issuing_department_id=own,
                application_links__application__state__in=APPROVED_BY_ANOTHER,
            ),
            Q(licence_links__licence__issuing_department_id=own),
        ):
            dealt_with |= Q(Exists(rows.filter(way)))
    return Holder.objects.filter(dealt_with)


def holder_by_key(actor: Actor, key: UUID) -> Holder | None:
    """The holder of a public key; None for one of whom only a neighbour knows."""
    return holders_dealt_with_by(actor).filter(uuid=key).first()


def as_they_stay(found: Iterable[Holder]) -> list[Holder]:
    """The holders in their order, each merged one as the one who stays, nobody twice."""
    rows = list(found)
    staying = Holder.objects.in_bulk({row.same_as_id for row in rows if row.same_as_id})
    present = [staying[row.same_as_id] if row.same_as_id else row for row in rows]
    return list({row.pk: row for row in present}.values())


def merges_visible_to(actor: Actor) -> "QuerySet[HolderMerge]":
    """What the acting department has proposed of holders being one, with both (M.26)."""
    rows = HolderMerge.objects.filter(department_id=actor.department_id or 0)
    return rows.select_related("merged", "staying", "department")


def merge_by_key(actor: Actor, key: UUID) -> HolderMerge | None:
    """The proposal of a public key; None for a neighbour's."""
    return merges_visible_to(actor).filter(uuid=key).first()


def changes_visible_to(actor: Actor) -> "QuerySet[HolderChange]":
    """What the acting department has proposed to change of holders, with whom (M.26)."""
    rows = HolderChange.objects.filter(department_id=actor.department_id or 0)
    return rows.select_related("holder", "department")


def change_by_key(actor: Actor, key: UUID) -> HolderChange | None:
    """The proposed change of a public key; None for a neighbour's."""
    return changes_visible_to(actor).filter(uuid=key).first()


def open_change_of(actor: Actor, holder: Holder) -> HolderChange | None:
    """The department's proposal to change a holder that waits for a second person."""
    return changes_visible_to(actor).filter(holder=holder, state="PROPOSED").first()


def open_merge_of(actor: Actor, holder: Holder) -> HolderMerge | None:
    """The department's proposal about a holder that waits for a second person."""
    return merges_visible_to(actor).filter(merged=holder, state="PROPOSED").first()


def is_only_named(holder: Holder) -> bool:
    """Whether nobody but a mandate has named a holder: no clerk, no application, no sign-in."""
    return Holder.objects.filter(
        pk=holder.pk,
        entered_by_department__isnull=True,
        licence_links__isnull=True,
        application_links__isnull=True,
        real_name_checks__isnull=True,
        outside_subject__isnull=True,
    ).exists()


def holders_named(part: str, *, within: "QuerySet[Holder] | None" = None) -> list[Holder]:
    """Up to `MOST` holders whose name holds a part of two characters or more; else none.

    The index knows pairs of characters only, so what it finds is read again.
    """
    wanted = normalise_name(part)
    if len(wanted) < 2:
        return []
    rows = Holder.objects.all() if within is None else within
    found = rows.filter(name_bigrams__contains=bigrams(part)).order_by("name", "pk")
    named: list[Holder] = []
    for row in found.iterator(chunk_size=100):
        if wanted in normalise_name(row.name):
            named.append(row)
        if len(named) == MOST:
            break
    return named
