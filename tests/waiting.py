"""A county in which every queue has work: the market office's, its neighbour's, the bureau's."""

from datetime import timedelta
from itertools import count
from typing import Any

from audit.deadlines.models import Deadline
from licences.models import Application, StockBatch
from licences.queues import PRODUCE
from seals.models import SealKind
from tests.cast import Cast
from tests.factories.announced import proposed_calendar, proposed_successor
from tests.factories.catalogue import entry_of
from tests.factories.licences import WATER, Applications
from tests.factories.parties import AccountFactory, HolderFactory, NotificationFactory
from tests.factories.seals import seal_of
from usage.models import Presentation
from zezhou_portal.exchange.models import Outbound
from zezhou_portal.kernel import clock
from zezhou_portal.kernel.subjects import Subject
from zezhou_portal.parties.models import (
    Account,
    Basis,
    HolderChange,
    HolderMerge,
    Mandate,
    MandateKind,
)
from zezhou_portal.parties.notices import stalled

PLACES = ("market", "land")
_serial = count(1)


class WaitingCounty:
    """The cast's market and land offices, each with one piece of work in every queue."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        entry_of(WATER, cast.land, type_code="110000000000000000002")
        for place in PLACES:
            self._applications(place)
            self._sheets(place)
            self._entries(place)
            self._beyond_the_department(place)
            self._seals(place)
            self._merge(place)
            self._change(place)
            self._mandate(place)
            NotificationFactory(account=cast.account(f"{place}.clerk"))
            about = stalled.About(Subject("licence", place, "证照"), cast.departments[place])
            stalled.put_off(PRODUCE, place, about, "坏了。", is_technical=False)
        self._people()
        proposed_calendar(cast.actor("bureau.administrator"))
        proposed_successor(cast.actor("bureau.administrator"))

    def _applications(self, place: str) -> None:
        applications = Applications(self.cast, place=place)
        applications.received()
        applications.captured()
        applications.returned()
        applications.submitted()
        applications.approved()
        applications.issued()
        Application.objects.filter(pk=applications.received().pk).update(state="WITHDRAWN")

    def _sheets(self, place: str) -> None:
        for state in ("CHECKED", "SUBMITTED", "SIGNED_OFF"):
            self.sheet(place, state)

    def sheet(self, place: str, state: str) -> StockBatch:
        """A permit sheet of the department's clerk."""
        department, clerk = self.cast.departments[place], self.cast.account(f"{place}.clerk")
        return StockBatch.objects.create(
            entry=department.catalogue_entries.get(name=WATER), issuing_department=department,
            state=state, file_name="清单.csv", file_digest=f"{next(_serial):064}", file_size=9,
            received_by=clerk, received_at=clock.now(), submitted_at=clock.now(),
            signed_off_at=clock.now(), hands=[clerk.pk],
        )  # fmt: skip

    def _entries(self, place: str) -> None:
        for state in ("DRAFT", "SUBMITTED"):
            entry_of(
                "食品经营许可证", self.cast.departments[place], state=state, published_at=None,
                compiled_at=clock.now(), submitted_at=clock.now(),
                type_code=f"{next(_serial):021}",
            )  # fmt: skip

    def _beyond_the_department(self, place: str) -> None:
        self.message(place)
        self.deadline(place, "BREACHED", timedelta(days=-1))
        self.deadline(place, "RUNNING", timedelta(minutes=5))
        holder = HolderFactory()
        Presentation.objects.create(
            presenter=holder, principal=holder, state="ASKED", opened_at=clock.now(),
            ends_at=clock.now() + timedelta(minutes=3),
            reader_account=self.cast.account(f"{place}.verifier"),
            reader_department=self.cast.departments[place],
        )  # fmt: skip

    def message(self, place: str, state: str = "REFUSED") -> Outbound:
        """A message that the city refused."""
        serial = next(_serial)
        return Outbound.objects.create(
            topic="licence_issued", department=self.cast.departments[place], article="M.9",
            subject_kind="licence", subject_key=f"licence-{serial}", subject_label="取水许可证",
            version=1, content="{}", state=state, city_reason="照面编号不合规则",
        )  # fmt: skip

    def deadline(self, place: str, state: str, until_due: timedelta) -> Deadline:
        """A clock of M.9."""
        due = clock.now() + until_due
        return Deadline.objects.create(
            department=self.cast.departments[place], article="M.9", subject_kind="licence",
            subject_key=f"key-{next(_serial)}", subject_label="取水许可证",
            armed_at=due - timedelta(days=1), due_at=due, last_day=clock.beijing_day(due),
            state=state,
        )  # fmt: skip

    def _merge(self, place: str) -> None:
        clerk = self.cast.account(f"{place}.clerk")
        HolderMerge.objects.create(
            merged=HolderFactory(identity_type="", identity_number=""), staying=HolderFactory(),
            ground="户口簿", department=self.cast.departments[place], proposed_by=clerk,
            proposed_by_name=clerk.name, proposed_at=clock.now(),
        )  # fmt: skip

    def _change(self, place: str) -> None:
        clerk = self.cast.account(f"{place}.clerk")
        HolderChange.objects.create(
            holder=HolderFactory(), phone="13800000001", department=self.cast.departments[place],
            proposed_by=clerk, proposed_by_name=clerk.name, proposed_at=clock.now(),
        )  # fmt: skip

    def _mandate(self, place: str) -> None:
        """What a colleague of the verifier recorded at the window."""
        Mandate.objects.create(
            kind=MandateKind.HELPER, principal=HolderFactory(), agent=HolderFactory(),
            powers=["see"], from_on=clock.today(), until_on=clock.today() + timedelta(days=30),
            basis=Basis.WINDOW, evidence="身份证原件", state="PROPOSED", consent_digest="0" * 64,
            confirm_by=clock.today() + timedelta(days=5),
            recorded_by=self.cast.account(f"{place}.reviewer"),
            recording_department=self.cast.departments[place],
        )  # fmt: skip

    def _seals(self, place: str) -> None:
        department = self.cast.departments[place]
        seal_of(department, kind=SealKind.SPECIAL_PURPOSE, state="BLOCKED")
        ending = seal_of(department, kind=SealKind.INTERNAL_UNIT)
        ending.valid_until = clock.now() + timedelta(days=9)
        ending.save(update_fields=["valid_until"])

    def _people(self) -> None:
        Account.objects.filter(pk=self.cast.account("power.verifier").pk).update(
            locked_until=clock.now() + timedelta(minutes=9), failed_logins=5
        )
        leaver = AccountFactory(department=self.cast.market)
        row = Application.objects.filter(state="CAPTURING").earliest("pk")
        Application.objects.create(
            number="ZZ-LEAVER", entry=row.entry, issuing_department=row.issuing_department,
            state="RECEIVED", received_by=leaver, received_at=clock.now(), in_hand_of=leaver,
        )  # fmt: skip


def codes(queues: Any) -> set[str]:
    """The codes of queues."""
    return {queue.code for queue in queues}
