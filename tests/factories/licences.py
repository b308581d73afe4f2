"""Applications at every step, by the verbs that people use; nothing is written behind their backs."""

from typing import Any

from licences.applications import capturing, issuing, receiving, reviewing
from licences.models import Application, Licence
from tests.cast import Cast
from tests.factories.catalogue import entry_of
from tests.factories.parties import HolderFactory
from tests.factories.seals import seal_of
from zezhou_portal.kernel import clock
from zezhou_portal.parties.models import Holder

WATER = "取水许可证"
FOOD = "食品经营许可证"
MARRIAGE = "结婚证"
VETERAN = "退役军人优待证"
WATER_VALUES = {
    "legal_representative": "郭样例",
    "intake_site": "泽州县下村镇下村村西三百米一号井",
    "intake_volume": "3.65",
    "purpose": "农村生活用水",
    "source_type": "地下水",
}


class Applications:
    """Takes applications of the market office's cast from step to step."""

    def __init__(self, cast: Cast, *, kind: str = WATER, place: str = "market") -> None:
        self.cast = cast
        self.place = place
        self.department = cast.departments[place]
        known = self.department.catalogue_entries.filter(name=kind).first()
        self.entry = known or entry_of(kind, self.department)

    def actor(self, part: str) -> Any:
        """The department's clerk, reviewer, signatory …"""
        return self.cast.actor(f"{self.place}.{part}")

    def received(self, *, holders: list[Holder] | None = None, **how: Any) -> Application:
        """Just received, for one enterprise unless told otherwise."""
        return receiving.receive(
            actor=self.actor("clerk"),
            entry=self.entry,
            holders=holders or [HolderFactory(enterprise=True)],
            **how,
        )

    def captured(self, application: Application | None = None, **changes: str) -> Application:
        """A complete draft; `changes` are typed over the sound values."""
        row = application or self.received()
        concluded = row.concluded_elsewhere_at  # offline the paper came first
        return capturing.capture(
            actor=self.actor("clerk"),
            application=row,
            revision=row.revision,
            typed={**WATER_VALUES, **changes},
            licence_number=f"取水（晋泽）字〔2026〕第{row.pk % 1000000:06}号" if concluded else "",
            valid_from=row.valid_from,
            valid_until=row.valid_until,
            is_long_term=row.is_long_term,
            term_reason=row.term_reason,
            paper_issued_on=clock.beijing_day(concluded) if concluded else None,
        )

    def submitted(self, application: Application | None = None) -> Application:
        """Handed to the reviewers."""
        row = self.captured(application)
        return receiving.submit(actor=self.actor("clerk"), application=row, revision=row.revision)

    def returned(self, reasons: str = "取水地点与申请书不一致，请核对") -> Application:
        """Given back by the reviewer."""
        row = self.submitted()
        return reviewing.send_back(
            actor=self.actor("reviewer"),
            application=row,
            revision=row.revision,
            reasons=reasons,
            fields=["intake_site"],
        )

    def approved(self, application: Application | None = None) -> Application:
        """Waiting for sign-off."""
        row = self.submitted(application)
        return reviewing.approve(
            actor=self.actor("reviewer"), application=row, revision=row.revision
        )

    def issued(self, application: Application | None = None) -> Licence:
        """Signed off; the licence awaits its file. The department gets its seal first."""
        if not self.department.seals.exists():
            seal_of(self.department)
        row = self.approved(application)
        return issuing.issue(actor=self.actor("signatory"), application=row, revision=row.revision)
