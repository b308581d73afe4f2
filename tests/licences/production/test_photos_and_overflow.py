"""A photo of a kind that a department compiled itself stands on the sealed face (M.6, M.7)."""

from io import BytesIO

import pytest
from lxml import etree
from PIL import Image

from licences.applications import capturing, completeness, receiving
from licences.applications.unmasking import hidden_from
from licences.catalogue import services as catalogue
from licences.models import Application, LicenceFile, LicenceVersion
from licences.production import face_input
from licences.production.rendering import picture_of
from licences.register import producing
from seals.documents.package import read_package
from tests.cast import Cast
from tests.factories.licences import WATER_VALUES, Applications
from tests.factories.seals import seal_of
from zezhou_portal.kernel import files
from zezhou_portal.regulation.errors import RuleBroken, by_field

OFD = "{http://www.ofdspec.org/2016}"
PHOTO = {"key": "portrait", "name": "负责人照片", "kind": "image", "required": True}


def jpeg(ink: str) -> bytes:
    out = BytesIO()
    Image.new("RGB", (600, 840), ink).save(out, "JPEG")
    return out.getvalue()


@pytest.fixture
def photographed(cast: Cast) -> Applications:
    """Water permits of an edition of which a department made a photo a required item."""
    applications = Applications(cast)
    entry = applications.entry
    entry.items = [*entry.items, PHOTO]
    entry.conditions = "只用于核对负责人"  # a photo is personal data (M.22)
    entry.layout, entry.layout_digest = face_input.layout_for(entry.type_code)
    entry.save()
    catalogue.check_entry(entry)
    seal_of(cast.market)
    return applications


def with_photo(applications: Applications) -> Application:
    row = applications.received()
    capturing.attach(
        actor=applications.actor("clerk"),
        application=row,
        title="负责人照片",
        file_name="负责人.jpg",
        item_key="portrait",
        data=jpeg("#336699"),
    )
    row.refresh_from_db()
    return row


@pytest.mark.article("M.6")
def test_photo_of_a_compiled_kind_when_sealed_then_on_the_face_and_in_the_version(
    photographed: Applications,
) -> None:
    licence = photographed.issued(with_photo(photographed))
    assert producing.produce_waiting() == 1
    version = LicenceVersion.objects.get(licence=licence)
    digest = version.frozen["values"]["portrait"]
    assert (digest, version.photo_digest) == (digest, digest)
    package = read_package(files.read(LicenceFile.objects.get(version=version).digest))
    page = etree.fromstring(package["Doc_0/Pages/Page_0/Content.xml"])
    (image,) = page.iter(f"{OFD}ImageObject")
    assert image.attrib["Boundary"] == "155 84.5 25 35"
    resources = etree.fromstring(package["Doc_0/DocumentRes.xml"])
    (media,) = resources.iter(f"{OFD}MultiMedia")
    assert media.attrib["ID"] == image.attrib["ResourceID"]
    with Image.open(BytesIO(package[f"Doc_0/Res/{media.findtext(f'{OFD}MediaFile')}"])) as shown:
        red, green, blue = shown.convert("RGB").getpixel((10, 10))
        assert (red // 16, green // 16, blue // 16) == (0x3, 0x6, 0x9)
    assert b"<image" in picture_of(version, licence.entry, whole=True)


@pytest.mark.article("M.6")
def test_photo_when_missing_then_told_at_capture_and_no_hindrance_to_the_preview(
    photographed: Applications,
) -> None:
    row = photographed.captured()
    assert by_field(completeness.faults_of(row)) == {"portrait": "还没有上传负责人照片"}
    assert "照片位置" not in by_field(completeness.faults_of(row)).values()
    assert face_input.preview_of(row).startswith(b"<svg")


@pytest.mark.article("M.7")
def test_values_that_do_not_fit_when_captured_then_each_told_at_its_field(cast: Cast) -> None:
    applications = Applications(cast)
    long = {"purpose": "农村生活用水、" * 40, "intake_site": "泽州县下村镇" * 60}
    applications.entry.items = [
        {**item, "max_length": 900} if item["key"] in long else item
        for item in applications.entry.items
    ]
    applications.entry.save()
    row = applications.captured(legal_representative="郭\U00020bb7\U0001f600", **long)
    told = by_field(completeness.faults_of(row))
    assert set(told) == {"purpose", "intake_site", "legal_representative"}
    assert "太长" in told["purpose"]
    assert "太长" in told["intake_site"]
    assert "（U+1F600）没有可用的字形" in told["legal_representative"]
    with pytest.raises(RuleBroken) as refused:
        receiving.submit(actor=applications.actor("clerk"), application=row, revision=row.revision)
    assert set(refused.value.fields) == set(told)
    with pytest.raises(RuleBroken) as refused:
        face_input.preview_of(row)
    assert set(refused.value.fields) == set(told)
    assert refused.value.reason.startswith("照面有 3 处画不出来。")


@pytest.mark.article("M.6")
def test_long_text_when_its_kind_says_annex_then_whole_on_a_second_page(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    applications = Applications(cast)
    applications.entry.items = [
        {**item, "max_length": 900, "overflow": "annex"} if item["key"] == "purpose" else item
        for item in applications.entry.items
    ]
    applications.entry.save()
    purpose = "农村生活用水、" * 60
    monkeypatch.setitem(WATER_VALUES, "purpose", purpose)
    assert completeness.faults_of(applications.captured()) == []
    licence = applications.issued()
    assert producing.produce_waiting() == 1
    version = LicenceVersion.objects.get(licence=licence)
    pages = face_input.face_of(version, licence.entry).pages
    assert "".join(run.text for run in pages[0].runs if run.of == "purpose").endswith("附页）")
    assert "".join(run.text for run in pages[1].runs if run.of == "purpose") == purpose


@pytest.mark.article("M.26")
def test_photo_when_hidden_from_a_colleague_then_its_place_is_empty_and_the_face_is_drawn(
    photographed: Applications, cast: Cast
) -> None:
    entry = photographed.entry
    entry.items = [*entry.items[:-1], {**PHOTO, "sensitivity": "personal_data"}]
    entry.save()
    row = with_photo(photographed)
    assert hidden_from(cast.actor("market.clerk"), row) == frozenset()
    hidden = hidden_from(cast.actor("market.reviewer"), row)
    assert hidden == {"portrait"}
    assert face_input.preview_input(row, number="1", hidden=hidden).photos == {}
    picture, _ = face_input.draft_of(row, hidden=hidden)
    assert picture is not None
    assert set(face_input.preview_input(row, number="1").photos) == {"portrait"}
