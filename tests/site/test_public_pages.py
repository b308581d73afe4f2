"""The pages anybody may open, with a catalogue and without one."""

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client

from licences.models import CatalogueEntry, ItemLicenceLink, ServiceItem
from tests.cast import Cast
from tests.factories.catalogue import entry_of
from tests.factories.parties import DepartmentFactory
from zezhou_portal.kernel import clock
from zezhou_portal.parties.models import SuccessorInstrument

pytestmark = pytest.mark.django_db

PAGES = [
    "/",
    "/help/",
    "/privacy/",
    "/accessibility/",
    "/contact/",
    "/regulation/",
    "/catalogue/",
    "/verify/file/",
    "/verify/code/",
    "/V/202600000001/ABCDEFGH",
]
FOOD = "1114052529141777X1001"
LONG = "晋城市泽州县农村集体经济组织登记赋码及其成员资格认定结果电子证照（含历年变更）"


def publish(code: str, name: str, **values: Any) -> CatalogueEntry:
    department = values.pop("department", None) or DepartmentFactory()
    return CatalogueEntry.objects.create(
        type_code=code,
        name=name,
        issuing_department=department,
        **{
            "state": "PUBLISHED",
            "holder_kind": "enterprise",
            "validity_years": 5,
            "published_at": clock.now(),
            "items": [
                {"key": "holder_name", "name": "持证主体名称", "kind": "text", "max_length": 120}
            ],
            "number_rule": {"rule": "typed"},
            **values,
        },
    )


def text_of(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status
    return response.content.decode()


@pytest.mark.parametrize("address", PAGES)
def test_public_page_opens_without_log_in_and_names_the_ended_instrument(
    client: Client, address: str
) -> None:
    html = text_of(client, address)
    assert "按其第三十二条，有效期已于2024年11月24日届满。" in html
    assert '<a class="zz-skip" href="#main">跳到正文</a>' in html
    assert html.count("<h1") == 1
    assert len(set(re.findall(r'\sid="([^"]+)"', html))) == len(re.findall(r'\sid="([^"]+)"', html))


@pytest.mark.parametrize("address", PAGES)
def test_every_link_of_a_public_page_inside_the_portal_leads_somewhere(
    client: Client, address: str
) -> None:
    publish(FOOD, "食品经营许可证")
    html = text_of(client, address)
    here = set(re.findall(r'href="(/[^"#?]*)', html))
    for found in sorted(one for one in here if not one.startswith("/static/")):
        # to a holder's own pages by way of the sign-in
        assert client.get(found, follow=True).status_code == 200, found
    anchors = set(re.findall(r'href="#([^"]+)"', html))
    assert anchors <= set(re.findall(r'\sid="([^"]+)"', html))


def test_catalogue_lists_published_editions_only(client: Client) -> None:
    publish(FOOD, "食品经营许可证", edition=2)
    publish(FOOD, "食品经营许可证（旧名）", edition=1, state="REPLACED")
    publish("1114052529141777X1002", "没有公布的证", state="DRAFT")
    html = text_of(client, "/catalogue/")
    assert html.count('<td class="zz-name">') == 1
    assert f'<a href="/catalogue/{FOOD}/">食品经营许可证</a>' in html


def test_catalogue_says_so_when_nothing_is_published_and_when_nothing_fits(client: Client) -> None:
    assert "目录还没有发布" in text_of(client, "/catalogue/")
    publish(FOOD, "食品经营许可证")
    assert "没有找到符合条件的证照" in text_of(client, "/catalogue/?q=取水")


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("?q=许可", ["取水许可证", "食品经营许可证"]),
        ("?q=水务", ["取水许可证"]),
        ("?holder=person", ["林木采伐证", "结婚证"]),
        ("?holder=enterprise", ["取水许可证", "林木采伐证", "食品经营许可证"]),
        ("?holder=&q=结婚", ["结婚证"]),
    ],
)
def test_catalogue_is_narrowed_by_name_department_and_holder(
    client: Client, query: str, names: list[str]
) -> None:
    water = DepartmentFactory(name="泽州县水务局")
    publish(FOOD, "食品经营许可证")
    publish("1114052529141777X1005", "取水许可证", department=water)
    publish("1114052529141777X1013", "结婚证", holder_kind="person")
    publish("1114052529141777X1006", "林木采伐证", holder_kind="any")
    html = text_of(client, f"/catalogue/{query}")
    assert sorted(re.findall(r'<td class="zz-name"><a [^>]*>([^<]+)</a>', html)) == sorted(names)
    narrowed = text_of(client, f"/catalogue/?department={water.credit_code}")
    assert re.findall(r'<td class="zz-name"><a [^>]*>([^<]+)</a>', narrowed) == ["取水许可证"]
    wrong = client.get("/catalogue/?holder=nobody&q=结婚")
    assert wrong.status_code == 422
    assert "没有这一项，请从清单里选" in wrong.content.decode()


def test_kind_page_answers_what_from_whom_for_whom_and_how_long(client: Client) -> None:
    entry = publish(FOOD, "食品经营许可证", edition=3, supervisor="泽州县市场监督管理局")
    issuer = entry.issuing_department
    publish(FOOD, "食品经营许可证", edition=2, state="REPLACED", department=issuer)
    item = ServiceItem.objects.create(
        code="SX0001", name="食品经营许可（新办）", department=entry.issuing_department
    )
    ItemLicenceLink.objects.create(service_item=item, type_code=FOOD)
    html = text_of(client, f"/catalogue/{FOOD}/")
    for words in (
        "<h1>食品经营许可证</h1>",
        "已发布　第 3 版",
        entry.issuing_department.name,
        "泽州县市场监督管理局",
        "5 年；届满前可以申请延期",
        "文字，最多 120 字",
        "食品经营许可（新办）",
        "<b>第 2 版</b>",
        f'src="/catalogue/{FOOD}/{issuer.credit_code}/specimen.svg"',
    ):
        assert words in html


def test_kind_page_escapes_and_bears_a_long_name(client: Client) -> None:
    publish(FOOD, LONG + "<script>")
    html = text_of(client, f"/catalogue/{FOOD}/")
    assert f"<h1>{LONG}&lt;script&gt;</h1>" in html


def test_kind_that_is_not_published_is_not_found(client: Client) -> None:
    publish(FOOD, "食品经营许可证", state="SUBMITTED")
    for address in (f"/catalogue/{FOOD}/", f"/catalogue/{FOOD}/specimen.svg"):
        assert "<h1>没有找到这一件</h1>" in text_of(client, address, 404)


def test_specimen_is_drawn_without_scripts_or_styles(client: Client) -> None:
    publish("1114052529141777X1002", "公共场所卫生许可证")
    response = client.get("/catalogue/1114052529141777X1002/specimen.svg")
    assert response["Content-Type"] == "image/svg+xml"
    svg = response.content.decode()
    assert svg.startswith("<svg ")
    assert "<title>公共场所卫生许可证</title>" in svg
    assert re.findall(r"<script|<style|\sstyle=|<foreignObject", svg) == []


@pytest.mark.article("M.6")
def test_specimen_of_an_edition_is_one_and_the_same_for_everybody(db: None) -> None:
    cast = Cast()
    entry = entry_of("食品经营许可证", cast.market)
    shown = Client().get(f"/catalogue/{entry.type_code}/specimen.svg").content
    desk = cast.client("market.compiler").get(f"/catalogue-desk/{entry.uuid}/specimen.svg")
    assert desk.content == shown


def test_style_guide_is_there_in_development_only(client: Client, settings: Any) -> None:
    text_of(client, "/styleguide/", 404)
    settings.DEBUG = True
    assert "<h1>组件一览</h1>" in text_of(client, "/styleguide/")


def test_pages_carry_the_strict_policy(client: Client) -> None:
    policy = client.get("/").headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy


def test_successor_of_an_ended_instrument_is_named(client: Client) -> None:
    SuccessorInstrument.objects.create(
        state="CONFIRMED",
        replaces="M",
        title="泽州县电子证照管理办法",
        number="泽政办发〔2025〕3号",
        in_force_from=date(2025, 3, 1),
    )
    sentence = (
        "有效期已于2024年11月24日届满，由《泽州县电子证照管理办法》（泽政办发〔2025〕3号）接替。"
    )
    assert sentence in text_of(client, "/")
    assert "2025年3月1日起施行" in text_of(client, "/regulation/")
