"""Rows at every step, and the addresses that name them: what the hostile requests are about."""

import re
from dataclasses import dataclass, field

from licences.applications import capturing
from licences.models import Application, Licence
from licences.register import producing
from licences.stock import checking
from seals.models import Seal
from tests.cast import Cast
from tests.factories.announced import proposed_calendar, proposed_successor
from tests.factories.catalogue import entry_of
from tests.factories.licences import Applications
from tests.factories.parties import HolderFactory, NotificationFactory
from tests.parties.mandates.test_window_mandates import window as proposed_mandate
from usage.verifying.services import verify_text
from usage.window import services as window
from zezhou_portal.exchange.models import Outbound
from zezhou_portal.kernel import clock
from zezhou_portal.parties.holders.merging import propose_merge
from zezhou_portal.parties.holders.proposing import propose_change
from zezhou_portal.parties.models import HolderChange, HolderMerge, WorkingCalendar


@dataclass
class Scene:
    """Rows at every step, by the start of the addresses that name them."""

    cast: Cast
    keys: dict[str, list[str]] = field(default_factory=dict)

    def addresses(self, path: str) -> list[str]:
        """The route with each of the rows that it may name."""
        start = next((one for one in sorted(self.keys, key=len, reverse=True)
                      if path.startswith(one)), None)  # fmt: skip
        if "<" not in path:
            return [f"/{path}"]
        return [f"/{_filled(path, key)}" for key in self.keys.get(start or "", [])]


def _filled(path: str, key: str) -> str:
    values = key.split("|")
    for value in values:
        path = re.sub(r"<[^>]+>", value, path, count=1)
    return re.sub(r"<[^>]+>", values[0], path)


def made() -> Scene:
    """A market office with an application at every step, a licence, a sheet and an entry."""
    cast = Cast()
    applications = Applications(cast)
    returned = applications.returned()
    steps = [applications.received(), returned, applications.submitted(), applications.approved()]
    file = capturing.attach(
        actor=applications.actor("clerk"), application=returned, title="", file_name="a.pdf",
        data=b"%PDF-x",
    )  # fmt: skip
    licence = applications.issued()
    producing.produce_waiting()
    licence.refresh_from_db()
    batch = checking.take_in(
        actor=applications.actor("clerk"),
        entry=applications.entry,
        file_name="清单.csv",
        data="行政相对人名称,许可编号,有效期至\n甲公司,取水1,2030-01-01\n".encode(),
    )
    draft = entry_of("食品经营许可证", cast.market, state="DRAFT", published_at=None)
    waiting = entry_of("退役军人优待证", cast.market, state="SUBMITTED", published_at=None)
    account = cast.account("market.clerk")
    key = f"{licence.identifier}"
    short = f"{licence.stem.rsplit('.', 1)[1]}|{licence.versions.get().check_code}"
    keys = _of_a_verifier(cast, licence) | {
        "applications/": [str(one.uuid) for one in steps],
        "applications/<uuid:key>/files/": [f"{steps[1].uuid}|{file.uuid}"],
        "licences/": [key],
        "register/county/": [str(licence.uuid)],
        "stock/": [str(batch.uuid)],
        "catalogue/": [applications.entry.type_code, "%00", "%ff"],
        "catalogue-desk/": [str(one.uuid) for one in (draft, waiting, applications.entry)],
        "seals/": [str(Seal.objects.get().uuid)],
        "exchange/": [str(one.uuid) for one in Outbound.objects.all()],
        "inbox/": [str(NotificationFactory(account=account).uuid)],
        "people/": [str(account.uuid)],
        "accounts/": [str(account.uuid)],
        "postings/": [str(cast.postings["market.clerk"].uuid)],
        "departments/": [str(cast.market.uuid)],
        "calendars/": [str(_calendar(cast).uuid)],
        "instruments/": [str(proposed_successor(cast.actor("bureau.administrator")).uuid)],
        "holder-changes/": [str(_change(cast, applications).uuid)],
        "holder-merges/": [str(_merge(cast, applications).uuid)],
        "holders/": [str(cast.stranger.uuid), str(steps[0].holder_links.get().holder.uuid)],
        "P/": ["23456789ABCDEFGH", "%00", "%ff"],
        "C/": ["ABCDEFGHJKLM", "%00", "%ff"],
        "V/": [short, "%00|%ff", f"{'9' * 3000}|A"],
    }
    return Scene(cast, keys)


def _calendar(cast: Cast) -> WorkingCalendar:
    """A year that waits for a second official."""
    return proposed_calendar(cast.actor("bureau.administrator"))


def _change(cast: Cast, applications: Applications) -> HolderChange:
    """A change of a neighbour's holder that waits for a second official."""
    holder = HolderFactory(entered_by_department=cast.land)
    application = applications.received(holders=[HolderFactory(enterprise=True)])
    application.holder_links.update(holder=holder)
    Application.objects.filter(pk=application.pk).update(state="APPROVED")
    return propose_change(actor=applications.actor("clerk"), holder=holder, phone="13800000001")


def _merge(cast: Cast, applications: Applications) -> HolderMerge:
    """A newborn proposed to be somebody else."""
    newborn = HolderFactory(identity_type="", identity_number="", entered_by_department=cast.market)
    other = HolderFactory()
    return propose_merge(
        actor=applications.actor("clerk"), holder=newborn, identity_type=other.identity_type,
        identity_number=other.identity_number, name=other.name, ground="户口簿",
    )  # fmt: skip


def _of_a_verifier(cast: Cast, licence: Licence) -> dict[str, list[str]]:
    """A verification and a window print, and what their addresses name."""
    actor = cast.actor("market.verifier")
    reading = verify_text(actor=actor, text=licence.versions.get().frozen["verify_url"])
    copy = window.print_copy(
        actor=actor, holder=licence.holder_links.get().holder, licence=licence,
        statement="本人到场", check="in_person", purpose="样例", expires_on=clock.today(),
    )  # fmt: skip
    verification = [str(reading.licences[0].verification.uuid)]
    return {
        "checks/": verification,
        "checks/mandates/": [str(proposed_mandate(cast, "market.verifier").uuid)],
        "checks/window/licences/": [str(licence.uuid)],
        "checks/window/copies/": [str(copy.uuid)],
        "api/v1/verifications/": verification,
    }
