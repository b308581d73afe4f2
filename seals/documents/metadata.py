"""The data about a licence that its OFD carries: CustomDatas of GB/T 33190, names of GB/T 36903."""

from seals.documents.package import Package
from seals.documents.parts import Parts
from seals.documents.xml_reading import BadXml, child, children, text_of

_MOST_VALUES = 500
_LONGEST_NAME, _LONGEST_VALUE = 64, 2000


def read_custom_data(package: Package | Parts) -> dict[str, str]:
    """Give the custom data of the first document by name (ZZBS, ZZMC …); empty when there is none.

    The values are what the file says, whether or not its seal is right; too long ones are cut.
    Source: GB/T 36905-2018, GB/T 33190-2016.
    """
    parts = package if isinstance(package, Parts) else Parts(package)
    try:
        listed = child(parts.main, "DocBody", "DocInfo", "CustomDatas")
    except BadXml:
        return {}
    values: dict[str, str] = {}
    for element in children(listed, "CustomData"):
        name = (element.get("Name") or "").strip()[:_LONGEST_NAME]
        if name and len(values) < _MOST_VALUES:
            values.setdefault(name, text_of(element)[:_LONGEST_VALUE])
    return values
