"""One type code is the definer's; several departments issue it, each by itself (M.6, P.2.1)."""

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from licences.catalogue import services as catalogue
from licences.catalogue.numbers import number_for
from licences.catalogue.pages.forms import written_of
from licences.catalogue.rules import type_code_fault
from licences.catalogue.selectors import published_kinds
from licences.data_items import items_of
from licences.models import CatalogueEntry
from tests.cast import Cast
from tests.factories.catalogue import entry_of
from tests.factories.licences import Applications
from tests.licences.catalogue.test_pages import fields
from tests.records import records
from zezhou_portal.regulation.errors import NotPermitted, RuleBroken

DESK = "/catalogue-desk/"
ITEMS = [{"code": "LAND-1", "name": "取水许可证核发"}]


@pytest.fixture
def second(cast: Cast, published: CatalogueEntry) -> CatalogueEntry:
    """The kind at a second department, published by the bureau."""
    compiler = cast.actor("land.compiler")
    draft = catalogue.compile_entry(
        actor=compiler, department=cast.land, type_code=published.type_code, joins=True,
        written={**written_of(published), "service_items": ITEMS, "working_days": 3},
    )  # fmt: skip
    catalogue.submit_entry(actor=compiler, entry=draft)
    return catalogue.publish_entry(actor=cast.actor("bureau.administrator"), entry=draft)


@pytest.mark.article("M.6")
def test_kind_when_a_second_department_issues_it_then_both_stand_beside_each_other(
    cast: Cast, published: CatalogueEntry, second: CatalogueEntry
) -> None:
    published.refresh_from_db()
    assert (published.state, published.edition) == ("PUBLISHED", 1)
    assert (second.state, second.edition, second.issuing_department) == ("PUBLISHED", 1, cast.land)
    assert published.subject.key != second.subject.key
    assert records("entry_published")[-1].subject_key == (
        f"{second.type_code}/{cast.land.credit_code}/1"
    )
    again = catalogue.start_edition(
        actor=cast.actor("land.compiler"), entry=second, written=written_of(second)
    )
    assert again.edition == 2
    catalogue.submit_entry(actor=cast.actor("land.compiler"), entry=again)
    catalogue.publish_entry(actor=cast.actor("bureau.administrator"), entry=again)
    published.refresh_from_db()
    second.refresh_from_db()
    assert (published.state, second.state) == ("PUBLISHED", "REPLACED")


@pytest.mark.article("M.6")
def test_join_when_the_name_is_another_then_refused_at_the_name(
    cast: Cast, published: CatalogueEntry
) -> None:
    with pytest.raises(RuleBroken) as refusal:
        catalogue.compile_entry(
            actor=cast.actor("land.compiler"), department=cast.land, joins=True,
            type_code=published.type_code, written={**written_of(published), "name": "取水证"},
        )  # fmt: skip
    assert refusal.value.fields == {"name": "同一个代码是“取水许可证”，名称要一致"}


@pytest.mark.article("M.6")
def test_numbers_when_two_departments_issue_a_kind_then_each_counts_by_itself(
    published: CatalogueEntry, second: CatalogueEntry
) -> None:
    def given(entry: CatalogueEntry) -> str:
        return number_for(entry, items=items_of(entry.items), captured={}, typed="", year=2026)

    assert [given(published), given(published), given(second)] == [
        "取水（晋泽）字〔2026〕第000001号",
        "取水（晋泽）字〔2026〕第000002号",
        "取水（晋泽）字〔2026〕第000001号",
    ]


@pytest.mark.article("M.25")
def test_entry_when_a_neighbour_issues_the_same_kind_then_only_its_own_is_touched(
    cast: Cast, published: CatalogueEntry, second: CatalogueEntry
) -> None:
    land = cast.actor("land.compiler")
    with pytest.raises(NotPermitted):
        catalogue.start_edition(actor=land, entry=published, written=written_of(published))
    with pytest.raises(NotPermitted):
        catalogue.compile_entry(
            actor=land, department=cast.market, type_code=published.type_code,
            written=written_of(published), joins=True,
        )  # fmt: skip
    client = cast.client("land.compiler")
    for rest in ("", "edit/", "submit/", "discard/"):
        assert client.get(f"{DESK}{published.uuid}/{rest}").status_code == 404
    assert client.post(f"{DESK}{published.uuid}/edition/").status_code == 404
    rows = client.get(DESK).context["rows"]
    assert [row.pk for row, *_ in rows] == [second.pk]
    strangers = Applications(cast)
    strangers.entry = second
    with pytest.raises(NotPermitted):
        strangers.received()


@pytest.mark.article("P.2.1.1")
def test_pages_when_several_issue_a_kind_then_lists_and_addresses_say_who(
    cast: Cast, published: CatalogueEntry, second: CatalogueEntry
) -> None:
    client, code = Client(), published.type_code
    page = client.get("/catalogue/").content.decode()
    assert page.count(f'href="/catalogue/{code}/"') == 1
    assert f"{cast.market.name}等 2 个单位" in page
    assert [one.issuers for one in published_kinds()] == [2]
    by_department = client.get(f"/catalogue/?department={cast.land.credit_code}").content.decode()
    assert f'href="/catalogue/{code}/{cast.land.credit_code}/"' in by_department
    chooser = client.get(f"/catalogue/{code}/").content.decode()
    assert "有 2 个单位制发" in chooser
    for department, days in ((cast.market, 20), (cast.land, 3)):
        address = f"/catalogue/{code}/{department.credit_code}/"
        assert f'href="{address}"' in chooser
        text = client.get(address).content.decode()
        assert f"受理后 {days} 个工作日以内" in text
        assert f'src="{address}specimen.svg"' in text
        assert "还有 1 个单位也制发" in text
        assert client.get(f"{address}specimen.svg").status_code == 200
    assert "取水许可证核发" in text
    other = client.get(f"/catalogue/{code}/{cast.bureau.credit_code}/")
    assert other["Location"] == f"/catalogue/{code}/"  # who issues it now
    assert client.get(f"/catalogue/none/{cast.market.credit_code}/").status_code == 404
    assert client.get(f"/catalogue/{code}/specimen.svg").status_code == 200
    home = client.get("/").content.decode()
    assert f"{cast.market.name}等 2 个单位" in home


@pytest.mark.article("M.6")
def test_editor_when_the_code_stands_then_told_with_links_and_joined_from_there(
    cast: Cast, published: CatalogueEntry
) -> None:
    client = cast.client("land.compiler")
    sent = {
        **fields(client.get(f"{DESK}new/")), "do": "save", "name": "别的证",
        "type_code": " １１１４０５２５２９１４１７７７ｘ１００５ ", "holder_kind": "enterprise",
    }  # fmt: skip
    page = client.post(f"{DESK}new/", sent)
    text = page.content.decode()
    assert page.status_code == 422
    assert f"这个代码已有：{cast.market.name}的取水许可证" in text
    like = f"{DESK}new/?like={published.uuid}"
    assert f'href="{like}"' in text
    assert f'href="/catalogue/{published.type_code}/{cast.market.credit_code}/"' in text
    assert CatalogueEntry.objects.count() == 1
    page = client.get(like)
    form = page.context["form"]
    assert (form["type_code"].value(), form["service_items"].value()) == (published.type_code, "")
    assert form["number_pattern"].value() == ""
    sent = {
        **fields(page), "do": "save", "like": str(published.uuid),
        "number_pattern": "取水（金村）字〔{year}〕第{sequence:06}号",
        "service_items": "LAND-1 取水许可证核发",
    }  # fmt: skip
    assert client.post(f"{DESK}new/", sent).status_code == 302
    draft = CatalogueEntry.objects.get(issuing_department=cast.land)
    assert (draft.edition, draft.state, draft.items) == (1, "DRAFT", published.items)
    page = client.get(f"{DESK}{draft.uuid}/").content.decode()
    assert f"与{cast.market.name}的第 1 版对照" in page
    again = client.post(f"{DESK}new/", sent)
    assert "这个代码本单位已有：取水许可证第 1 版，编制中" in again.content.decode()


@pytest.mark.article("M.5")
def test_publishing_when_asked_then_what_can_never_be_changed_is_said_beforehand(
    cast: Cast, published: CatalogueEntry
) -> None:
    compiler = cast.actor("market.compiler")
    draft = catalogue.start_edition(actor=compiler, entry=published, written=written_of(published))
    catalogue.submit_entry(actor=compiler, entry=draft)
    bureau = cast.client("bureau.administrator")
    for address in (f"{DESK}publishing/{draft.uuid}/", f"{DESK}publishing/{draft.uuid}/publish/"):
        assert "证照类型代码、制发单位以后都不能改" in bureau.get(address).content.decode()


@pytest.mark.article("M.6")
def test_edition_when_the_kind_was_taken_down_then_begun_from_the_last_one(
    cast: Cast, published: CatalogueEntry
) -> None:
    catalogue.withdraw_entry(actor=cast.actor("bureau.administrator"), entry=published)
    client = cast.client("market.compiler")
    assert "编制新的一版" in client.get(f"{DESK}{published.uuid}/").content.decode()
    client.post(f"{DESK}{published.uuid}/edition/")
    assert CatalogueEntry.objects.get(edition=2).state == "DRAFT"
    assert f'action="{DESK}{published.uuid}/edition/"' not in (
        client.get(f"{DESK}{published.uuid}/").content.decode()
    )


@pytest.mark.article("M.6")
@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("1114052529141777X1005", ""),
        ("11100000MB0143028R001", ""),
        ("1114052529141777X2005", "前 18 位是定义机构的代码，校验码对不上"),
        ("11100000MB0143029R001", "校验码对不上"),
        ("11100000MB014302OR001", "里不会有“O”"),
        ("1114052529141777X100", "现在是 20 位"),
        ("1114052529141777X1OO5", "应为 21 位"),
    ],
)
def test_type_code_when_typed_then_judged_by_its_check_character(code: str, words: str) -> None:
    fault = type_code_fault(code)
    assert (words in fault) if words else fault == ""


@pytest.mark.article("M.10")
def test_command_when_several_issue_the_kind_then_asks_which(
    cast: Cast, published: CatalogueEntry, second: CatalogueEntry, tmp_path
) -> None:
    sheet = tmp_path / "清单.csv"
    sheet.write_text("持证主体名称\n甲\n", encoding="utf-8")
    with pytest.raises(CommandError, match="有几个单位制发"):
        call_command("import_stock", sheet, kind="取水许可证")


def test_migrated_edition_when_named_on_the_trail_then_by_its_former_key(cast: Cast) -> None:
    entry = entry_of("取水许可证", cast.market, former_trail_key="1114052529141777X1005/1")
    assert entry.subject.key == "1114052529141777X1005/1"
