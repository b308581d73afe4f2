"""XML as writers of documents leave it: encodings, blanks and marks around it, odd locations."""

import pytest

from seals.documents.parts import Parts
from seals.documents.questions import Verdict
from seals.documents.shown import shown, shown_paths
from seals.documents.verification import verify_package
from seals.documents.xml_reading import BadXml, parse_xml
from tests.seals.conftest import NOW, answers
from tests.seals.vendor import ALL_YES, XML

LISTING = "Doc_0/Signs/Signatures.xml"
DECLARED = '<?xml version="1.0" encoding="{}"?>'


def declared(xml: bytes, name: str, encoding: str) -> bytes:
    return f"{DECLARED.format(name)}<!-- 证照 -->{xml.decode()}".encode(encoding)


WRITTEN = {
    "blank lines": lambda xml: b"\r\n \t\n" + declared(xml, "UTF-8", "utf-8"),
    "byte order mark": lambda xml: b"\xef\xbb\xbf" + declared(xml, "UTF-8", "utf-8"),
    "blank before the mark": lambda xml: b"\n\xef\xbb\xbf\n" + declared(xml, "utf8", "utf-8"),
    "nulls behind": lambda xml: xml + b"\0" * 20,
    "end of file sign": lambda xml: xml + b"\r\n\x1a",
    "UTF-16": lambda xml: declared(xml, "UTF-16", "utf-16"),
    "GB 18030": lambda xml: declared(xml, "GB18030", "gb18030"),
    "GBK": lambda xml: declared(xml, "GBK", "gb18030"),
    "GB 2312 that holds more": lambda xml: declared(xml, "GB2312", "gb18030").replace(
        "证".encode("gb18030"), "镕".encode("gb18030")
    ),
    "comment and instruction": lambda xml: b"<!-- a=b --><?vendor x?>" + xml,
}


@pytest.mark.parametrize("written", WRITTEN)
@pytest.mark.parametrize("path", ["OFD.xml", LISTING, XML])
def test_xml_is_read_however_it_is_written(vendor, written, path):
    write = WRITTEN[written]
    vendor.seal_entry, vendor.seal = "", None
    if path == "OFD.xml":
        vendor.members[path] = write(vendor.members[path].split(b"?>")[-1].strip())
    if path == XML:
        stated = vendor.signature_xml
        vendor.signature_xml = lambda: write(stated())
    package = vendor.sealed(vendor.v4_value)
    if path == LISTING:
        package = package.with_members({LISTING: write(package[LISTING])})
    found = verify_package(package, trust=vendor.county.trust, now=NOW)
    assert answers(found) == ALL_YES
    assert found.verdict is Verdict.PASSED


@pytest.mark.parametrize("encoding", ["UTF-7", "IBM037", "ISO-2022-JP", "cp875", "x"])
def test_encoding_that_hides_words_from_the_scan_is_not_read(encoding):
    with pytest.raises(BadXml) as caught:
        parse_xml(f'<?xml version="1.0" encoding="{encoding}"?><a/>'.encode())
    assert "编码" in caught.value.sentence


@pytest.mark.parametrize("data", [b"<!DOCTYPE x><x/>", "<!DOCTYPE x><x/>".encode("utf-16")])
def test_document_type_is_told_as_such(data):
    with pytest.raises(BadXml) as caught:
        parse_xml(data)
    assert "DOCTYPE" in caught.value.sentence


def test_budget_of_a_package_is_one_for_all_its_parts(package):
    part = b"<a>" + b"<b/>" * 90_000 + b"</a>"
    parts = Parts(package.with_members({f"{number}.xml": part for number in range(9)}))
    for number in range(4):
        assert parts.root(f"{number}.xml") is not None
    with pytest.raises(BadXml):
        parts.root("5.xml")


@pytest.mark.parametrize(
    "write",
    [
        lambda path: f" /{path} ",
        lambda path: f"\\{path}".replace("/", "\\"),
        lambda path: f"/./{path}",
        lambda path: f"//{path}",
        lambda path: f"/Doc_0/../{path}",
        lambda path: f"/{path}".upper(),
        lambda path: f"/{path}".replace("_", "%5F"),
    ],
)
def test_location_is_found_however_it_is_written(vendor, write):
    vendor.path, vendor.seal_entry, vendor.seal = write, "", None
    assert answers(vendor.found()) == ALL_YES


def test_text_of_a_stranger_is_cut_and_cleaned():
    assert shown("证照\u202ecod.exe\0\n") == "证照�cod.exe��"
    assert shown("\U00031350") == "\U00031350"
    long = shown("a" * 4_000_000 + "end")
    assert len(long) <= 120
    assert long.startswith("aaa") and long.endswith("end")
    assert len(shown_paths(str(number) for number in range(10**6))) == 50
