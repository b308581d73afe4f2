"""What the auditor's words name: who acts and what is acted on, as the trail calls them.

The trail keeps keys. Words are resolved to keys here, by the indexes of the tables that know the
names, so that five million records are read by key and never through (decision 0042).
"""

from collections.abc import Callable, Iterable

from licences.applications.selectors import named as applications_named
from licences.models import Application, CatalogueEntry, Licence, LicenceVersion, StockBatch
from licences.register.search import found_by
from seals.models import Seal
from zezhou_portal.kernel.actors import ActorKind
from zezhou_portal.kernel.subjects import Subject
from zezhou_portal.parties.holders.selectors import holders_named
from zezhou_portal.parties.models import Account, Department, SuccessorInstrument, WorkingCalendar

SHORTEST = 2
MOST = 50
# Every kind of subject that a record may name: a whole key is looked for under each.
SUBJECT_KINDS = (
    "account", "application", "calendar", "catalogue_entry", "check_code", "department", "file",
    "holder", "holders", "instrument", "licence", "licence_version", "list", "mandate", "posting",
    "presentation", "record", "seal", "stalled", "stock_batch", "text", "trail",
)  # fmt: skip
# Who acts without being a person, as their records call them.
_NOT_PEOPLE = {"公众": ActorKind.PUBLIC, "电子证照门户": ActorKind.MACHINE}


def nobody_named(text: str) -> ActorKind | None:
    """The kind of actor that is no person and whose name holds a text."""
    wanted = text.strip()
    return next((kind for name, kind in _NOT_PEOPLE.items() if wanted in name), None)


def people_named(text: str) -> list[str]:
    """The keys of the officials and holders whose name holds a text, or who log in by it."""
    wanted = text.strip()
    accounts = Account.objects.filter(name__icontains=wanted) | Account.objects.filter(
        username=wanted
    )
    officials = accounts.order_by("name", "pk").values_list("uuid", flat=True)[:MOST]
    return [*map(str, officials), *(str(one.uuid) for one in holders_named(wanted))]


def subjects_named(text: str) -> list[Subject]:
    """What a number, the beginning of an identifier, or a part of a name names.

    At most `MOST` of a sort; parts have two characters or more.
    """
    wanted = text.strip()
    if len(wanted) < SHORTEST:
        return []
    return [subject for find in _WAYS for subject in find(wanted)]


def _licences(text: str) -> Iterable[Subject]:
    rows = found_by(Licence.objects.select_related("application"), text)
    for row in rows.order_by("-entered_at", "-pk")[:MOST]:
        yield row.subject
        if row.application:
            yield row.application.subject


def _versions(text: str) -> Iterable[Subject]:
    if not text.isascii():
        return
    rows = LicenceVersion.objects.filter(identifier__startswith=text.upper())
    for row in rows.select_related("licence").order_by("identifier")[:MOST]:
        yield Subject("licence_version", row.identifier)
        yield row.licence.subject


def _applications(text: str) -> Iterable[Subject]:
    rows = Application.objects.filter(applications_named(text))
    return [row.subject for row in rows.order_by("-received_at", "-pk")[:MOST]]


def _holders(text: str) -> Iterable[Subject]:
    return [row.subject for row in holders_named(text)]


def _accounts(text: str) -> Iterable[Subject]:
    named = Account.objects.filter(name__icontains=text)
    rows = named | Account.objects.filter(username__icontains=text)
    return [row.subject for row in rows.order_by("name", "pk")[:MOST]]


def _others(text: str) -> Iterable[Subject]:
    """Of what there are some thousands at most, by a part of what it is called."""
    entries = CatalogueEntry.objects.select_related("issuing_department")
    for rows in (
        Department.objects.filter(name__icontains=text),
        Department.objects.filter(credit_code=text.upper()),
        Seal.objects.filter(name__icontains=text).defer("structure"),
        StockBatch.objects.filter(file_name__icontains=text),
        entries.filter(name__icontains=text).defer("layout", "items"),
        SuccessorInstrument.objects.filter(number__icontains=text),
        WorkingCalendar.objects.filter(notice_number__icontains=text),
    ):
        yield from (row.subject for row in rows.order_by("-pk")[:MOST])


_WAYS: tuple[Callable[[str], Iterable[Subject]], ...] = (
    _licences, _versions, _applications, _holders, _accounts, _others,
)  # fmt: skip
