"""The two fields of an identity number: which document, and its number (M.7)."""

from collections.abc import Mapping
from typing import Any

from django import forms

from licences.data_items import DataItem
from zezhou_portal.parties.identity_numbers import (
    DOCUMENTS,
    NAMED,
    ORGANISATION_TYPES,
    IdentityNumber,
    read_identity,
)
from zezhou_portal.parties.models import IdentityType

_FIRST = (
    IdentityType.CITIZEN_ID.label,
    IdentityType.PASSPORT.label,
    IdentityType.HONG_KONG_MACAO_PERMIT.label,
    IdentityType.TAIWAN_PERMIT.label,
    *NAMED,
)


class IdentityWidget(forms.MultiWidget):
    """A list of documents before the number; together one text, as it is stored."""

    template_name = "licences/_identity_number.html"
    use_fieldset = False

    def __init__(self, item: DataItem) -> None:
        kept = {"autocomplete": "off", "spellcheck": "false"}
        super().__init__(
            {
                "type": forms.Select({"aria-label": "证件类型"}, choices=_choices(item)),
                "": forms.TextInput({"aria-label": "证件号码", **kept}),
            }
        )

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """The number goes by the field's own id, so that its label and its fault lead there."""
        context = super().get_context(name, value, attrs)
        whole = context["widget"]
        if own := whole["attrs"].get("id"):
            document, number = whole["subwidgets"]
            document["attrs"]["id"], number["attrs"]["id"] = f"{own}_type", own
        return context

    def id_for_label(self, id_: str) -> str:
        """The number's."""
        return id_

    def decompress(self, value: str | None) -> list[str]:
        """The document and the number of a text, sound or not."""
        if not value:
            return [IdentityType.CITIZEN_ID.label, ""]
        read = read_identity(value)
        return [read.document, read.number if read.document else value]

    def value_from_datadict(  # type: ignore[override]
        self,
        data: Mapping[str, Any],
        files: Any,  # noqa: ARG002
        name: str,
    ) -> str:
        """One text of the two fields; of the number alone where it is all that came."""
        number = str(data.get(name) or "")
        document = str(data.get(f"{name}_type") or "")
        if not number.strip() or document not in DOCUMENTS or read_identity(number, "-").document:
            return number
        return str(IdentityNumber(document, number.strip()))


def _choices(item: DataItem) -> list[Any]:
    """The documents of people, the usual ones first; an organisation's where it may be one."""
    rest = [one for one in DOCUMENTS if one not in _FIRST]
    people = [one for one in rest if DOCUMENTS[one] not in ORGANISATION_TYPES]
    found: list[Any] = [("", "请选证件"), *((one, one) for one in _FIRST)]
    found.append(("其他证件", [(one, one) for one in people]))
    if item.role == "holder_number":
        others = [one for one in rest if DOCUMENTS[one] in ORGANISATION_TYPES]
        found.append(("单位", [(one, one) for one in others]))
    return found
