"""Whether a birth certificate says that somebody is a child's parent (M.20); pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from licences.data_items import read_moment
from zezhou_portal.kernel.names import normalise_name
from zezhou_portal.regulation.identifiers import born_on, citizen_id_fault, normalise_code

_PARENTS = ("mother_citizen_id", "father_citizen_id")


@dataclass(frozen=True)
class Certificate:
    """What a birth certificate says: its values in the clear, and its holder as the portal has
    them today, whose name may have changed and who may have a number by now.
    """

    values: Mapping[str, str]
    holder_name: str
    holder_number: str

    def names_parent(self, citizen_id: str) -> bool:
        """Whether the number is the mother's or the father's; no number is nobody's."""
        wanted = normalise_code(citizen_id)
        said = {normalise_code(self.values.get(key, "")) for key in _PARENTS}
        return bool(wanted) and wanted in said

    def names_child(self, name: str) -> bool:
        """Whether the name is the child's, as it was written or as it is today."""
        wanted = normalise_name(name)
        known = {normalise_name(self.values.get("holder_name", "")), self._present_name}
        return bool(wanted) and wanted in known

    def born(self) -> date | None:
        """The day of birth: the earlier one where certificate and number differ (ours), so that
        a parent's right never outlasts either; None where neither says it.
        """
        days = [*_day_of(self.values.get("born_at", "")), *_days_of(self.holder_number)]
        return min(days, default=None)

    @property
    def _present_name(self) -> str:
        return normalise_name(self.holder_name)


def _day_of(moment: str) -> Sequence[date]:
    try:
        return [read_moment(moment).date()] if moment else []
    except ValueError:
        return []


def _days_of(number: str) -> Sequence[date]:
    code = normalise_code(number)
    return [born_on(code)] if code and citizen_id_fault(code) is None else []
