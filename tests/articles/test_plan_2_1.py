"""P.2.1: the catalogue is published with service items and faces; only published kinds are issued."""

import pytest
from django.test import Client

from licences.catalogue import services as catalogue
from licences.catalogue.specimens import specimen_of
from licences.models import ItemLicenceLink, ServiceItem
from tests.articles.test_measures_06_catalogue import CODE, written
from tests.factories.catalogue import entry_of, kinds
from tests.factories.licences import WATER, Applications
from zezhou_portal.kernel import clock
from zezhou_portal.regulation.errors import RuleBroken


@pytest.mark.article("P.2.1.1")
def test_kind_when_published_then_anybody_reads_it_with_its_service_items(cast) -> None:
    entry_of(WATER, cast.market)
    item = ServiceItem.objects.create(
        code="0001", name="取水许可证核发（样例）", department=cast.market
    )
    ItemLicenceLink.objects.create(service_item=item, type_code=CODE)
    page = Client().get("/catalogue/").content.decode()
    assert WATER in page
    kind = Client().get(f"/catalogue/{CODE}/").content.decode()
    for words in ("取水许可证核发（样例）", "取水地点", cast.market.name):
        assert words in kind


@pytest.mark.article("P.2.1.2")
def test_kind_when_published_then_its_page_is_a_guide(cast) -> None:
    kind = kinds()[WATER]
    entry_of("营业执照", cast.land)
    entry_of(WATER, cast.market, materials=kind["materials"])
    page = Client().get(f"/catalogue/{CODE}/").content.decode()
    year = clock.today().year
    for words in (
        kind["about"], *kind["legal_basis"], "受理后 20 个工作日以内", "取水许可申请书",
        "有电子营业执照的不用交", f"例如 取水（晋泽）字〔{year}〕第000001号", "可无条件共享",
    ):  # fmt: skip
        assert words in page
    assert "{sequence" not in page
    picture = Client().get(f"/catalogue/{CODE}/specimen.svg")
    assert picture.status_code == 200


@pytest.mark.article("P.2.1.2")
@pytest.mark.parametrize("name", sorted(kinds()))
def test_specimen_when_drawn_with_lifelike_words_then_it_fits(cast, name) -> None:
    entry = entry_of(name, cast.market)
    assert specimen_of(entry).startswith(b"<svg")


@pytest.mark.article("P.2.1.1")
@pytest.mark.parametrize("state", ["DRAFT", "SUBMITTED", "REPLACED", "WITHDRAWN"])
def test_kind_when_not_published_then_neither_shown_nor_received(cast, state) -> None:
    applications = Applications(cast)
    applications.entry.state = state
    applications.entry.save(update_fields=["state"])
    with pytest.raises(RuleBroken) as refusal:
        applications.received()
    assert (refusal.value.article, refusal.value.reason) == (
        "P.2.1.1",
        "取水许可证的目录还没有公布，不能收件。",
    )
    assert Client().get(f"/catalogue/{CODE}/").status_code == 404


@pytest.mark.article("P.2.1.2")
def test_face_when_it_cannot_be_drawn_then_the_entry_is_refused(cast) -> None:
    entry = catalogue.compile_entry(
        actor=cast.actor("market.compiler"),
        department=cast.market,
        type_code=CODE,
        written=written(),
    )
    entry.layout = {**entry.layout, "page": {"width": -1}}
    with pytest.raises(RuleBroken) as refusal:
        catalogue.check_entry(entry)
    assert refusal.value.article == "M.6"
    assert refusal.value.reason.startswith("取水许可证的照面模板不合用：")


@pytest.mark.article("P.2.1.2")
def test_face_when_published_then_frozen_under_its_digest(cast) -> None:
    entry = catalogue.compile_entry(
        actor=cast.actor("market.compiler"),
        department=cast.market,
        type_code=CODE,
        written=written(),
    )
    catalogue.submit_entry(actor=cast.actor("market.compiler"), entry=entry)
    published = catalogue.publish_entry(actor=cast.actor("bureau.administrator"), entry=entry)
    assert (published.layout, published.layout_digest) == (entry.layout, entry.layout_digest)
