"""The data about a licence that its OFD carries: CustomDatas of GB/T 33190, names of GB/T 36903."""

from seals.documents.package import Package
from seals.documents.xml_reading import BadXml, child, children, parse_xml, text_of

_MOST_VALUES = 500


def read_custom_data(package: Package) -> dict[str, str]:
    """Give the custom data of the first document by name (ZZBS, ZZMC …); empty when there is none.

    The values are what the file says, whether or not its seal is right.
    Source: GB/T 36905-2018, GB/T 33190-2016.
    """
    try:
        root = parse_xml(package.get("OFD.xml") or b"")
    except BadXml:
        return {}
    listed = child(root, "DocBody", "DocInfo", "CustomDatas")
    values: dict[str, str] = {}
    for element in children(listed, "CustomData"):
        name = (element.get("Name") or "").strip()
        if name and len(values) < _MOST_VALUES:
            values.setdefault(name, text_of(element))
    return values
