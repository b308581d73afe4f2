"""Licences in people's hands: alone, together with somebody, ended; and how wallets are opened."""

from datetime import timedelta
from typing import Any

from licences.models import Licence, LicenceHolder
from tests.cast import Cast
from tests.factories.licences import Applications
from tests.factories.parties import HolderFactory
from tests.usage.sealed import made
from zezhou_portal.kernel import clock
from zezhou_portal.parties.models import Holder


class Hands:
    """Water licences of one department, each made and sealed, put into somebody's hands."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.applications = Applications(cast)

    def licence(self, *holders: Holder, **changes: Any) -> Licence:
        """A sealed licence in force that the holders hold together.

        Issued to an enterprise by the verbs, then handed to them: the kind of the tests is
        issued to enterprises only, and whose a licence is does not hang on its kind.
        """
        licence = made(self.applications.issued(self.applications.received()))
        LicenceHolder.objects.filter(licence=licence).delete()
        LicenceHolder.objects.bulk_create(
            LicenceHolder(licence=licence, holder=one, place=place)
            for place, one in enumerate(holders)
        )
        licence.holder_names = "、".join(one.name for one in holders)
        for name, value in changes.items():
            setattr(licence, name, value)
        licence.save()
        return licence

    def twins(self, licence: Licence, holder: Holder, count: int, **changes: Any) -> None:
        """Further licences like one, without files: rows for long lists."""
        rows = [
            Licence(
                stem=f"{licence.stem}.{place}",
                identifier=f"{licence.identifier}.{place}",
                number=f"二〇二六第 {place:03} 号",
                entry=licence.entry,
                type_code=licence.type_code,
                kind_name=licence.kind_name,
                issuing_department=licence.issuing_department,
                origin=licence.origin,
                holder_names=holder.name,
                issued_on=licence.issued_on,
                state="IN_FORCE",
                entered_at=licence.entered_at - timedelta(minutes=place + 1),
            )
            for place in range(count)
        ]
        for row in rows:
            for name, value in changes.items():
                setattr(row, name, value)
        Licence.objects.bulk_create(rows)
        LicenceHolder.objects.bulk_create(LicenceHolder(licence=row, holder=holder) for row in rows)


def person(name: str) -> Holder:
    """A natural person."""
    holder: Holder = HolderFactory(name=name)
    return holder


def firm(name: str) -> Holder:
    """An enterprise."""
    holder: Holder = HolderFactory(name=name, enterprise=True)
    return holder


def in_days(days: int) -> Any:
    """A day so many days ahead."""
    return clock.today() + timedelta(days=days)
