"""The catalogue desks: the editor without scripts, differences, publishing (M.5, M.6)."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from licences.catalogue.pages.edition_comparison import compare_editions
from licences.models import CatalogueEntry
from tests.cast import Cast
from tests.factories.catalogue import entry_of

DESK = "/catalogue-desk/"


def fields(page) -> dict[str, str]:
    """What a browser would send back from the editor."""
    sent = {}
    for form in (page.context["form"], *page.context["rows"], *page.context["materials"]):
        for bound in form:
            value = bound.value()
            if value not in (None, "", False):
                sent[bound.html_name] = "on" if value is True else str(value)
    counts = {"items": page.context["rows"], "materials": page.context["materials"]}
    return {**sent, **{name: str(len(rows)) for name, rows in counts.items()}}


def names(page) -> list[str]:
    return [row["name"].value() for row in page.context["rows"]]


@pytest.fixture
def draft(cast: Cast, published: CatalogueEntry) -> CatalogueEntry:
    """The second edition, opened on the page."""
    answer = cast.client("market.compiler").post(f"{DESK}{published.uuid}/edition/")
    found = CatalogueEntry.objects.get(edition=2)
    assert answer["Location"] == f"{DESK}{found.uuid}/edit/"
    return found


@pytest.mark.article("M.6")
def test_desk_when_opened_then_own_entries_in_all_states(cast: Cast, draft: CatalogueEntry) -> None:
    entry_of("不动产权证书", cast.land)
    client = cast.client("market.compiler")
    with CaptureQueriesContext(connection) as queries:
        page = client.get(DESK)
    assert len(queries) <= 30
    assert [(row.edition, word) for row, word, _ in page.context["rows"]] == [
        (2, "编制中"),
        (1, "已公布"),
    ]


def test_desk_when_empty_then_says_what_to_do(cast: Cast) -> None:
    assert "本单位还没有编制证照目录" in cast.client("land.compiler").get(DESK).content.decode()


def test_entry_when_a_neighbour_s_then_404_for_every_address(
    cast: Cast, draft: CatalogueEntry
) -> None:
    entry_of("不动产权证书", cast.land)
    client = cast.client("land.compiler")
    for rest in ("", "edit/", "specimen.svg"):
        assert client.get(f"{DESK}{draft.uuid}/{rest}").status_code == 404
        assert client.get(f"{DESK}{uuid4()}/{rest}").status_code == 404
    for rest in ("edit/", "edition/", "submit/"):
        assert client.post(f"{DESK}{draft.uuid}/{rest}", {"confirmed": "yes"}).status_code == 404
    assert cast.client("market.clerk").get(DESK).status_code == 403
    draft.refresh_from_db()
    assert draft.state == "DRAFT"


def test_editor_when_nothing_is_changed_then_saves_the_same_entry(
    cast: Cast, draft: CatalogueEntry, published
) -> None:
    client = cast.client("market.compiler")
    page = client.get(f"{DESK}{draft.uuid}/edit/")
    answer = client.post(f"{DESK}{draft.uuid}/edit/", {**fields(page), "do": "save"})
    assert (answer.status_code, answer["Location"]) == (302, f"{DESK}{draft.uuid}/")
    draft.refresh_from_db()
    assert draft.items == published.items
    assert draft.number_rule == published.number_rule
    assert compare_editions(draft, published)
    assert {line.verdict for line in compare_editions(draft, published)} == {"same"}


@pytest.mark.parametrize(
    "kind", ["食品经营许可证", "结婚证", "建筑工程施工许可证", "营业执照", "不动产登记证明"]
)
def test_editor_when_other_kinds_then_saves_the_same_entry(cast: Cast, kind: str) -> None:
    entry = entry_of(kind, cast.market, state="DRAFT", conditions="按规定使用。")
    client = cast.client("market.compiler")
    page = client.get(f"{DESK}{entry.uuid}/edit/")
    answer = client.post(f"{DESK}{entry.uuid}/edit/", {**fields(page), "do": "save"})
    assert answer.status_code == 302, answer.context["form"].errors
    after = CatalogueEntry.objects.get()
    was = [{key: value for key, value in item.items() if value != ""} for item in entry.items]
    assert after.items == was
    assert after.number_rule == entry.number_rule


def test_editor_when_rows_are_moved_then_order_changes_and_nothing_is_saved(
    cast: Cast, draft: CatalogueEntry
) -> None:
    client, address = cast.client("market.compiler"), f"{DESK}{draft.uuid}/edit/"
    page = client.get(address)
    start = names(page)
    page = client.post(address, {**fields(page), "name": "取水许可证（改）", "do": "up-2"})
    assert names(page) == [start[0], start[2], start[1], *start[3:]]
    page = client.post(address, {**fields(page), "do": "down-0"})
    assert names(page)[:3] == [start[2], start[0], start[1]]
    page = client.post(address, {**fields(page), "do": "remove-1"})
    assert start[0] not in names(page)
    page = client.post(address, {**fields(page), "do": "add"})
    assert names(page)[-1] == ""
    for wrong in ("up-99", "remove-x", "up-0"):
        page = client.post(
            address, {**fields(page), f"items-{len(names(page)) - 1}-name": "", "do": wrong}
        )
    assert page.context["form"]["name"].value() == "取水许可证（改）"
    draft.refresh_from_db()
    assert [item["name"] for item in draft.items] == start
    assert draft.name == "取水许可证"


def test_editor_when_an_item_is_added_then_saved_with_a_key_of_its_own(
    cast: Cast, draft: CatalogueEntry, published
) -> None:
    client, address = cast.client("market.compiler"), f"{DESK}{draft.uuid}/edit/"
    page = client.post(address, {**fields(client.get(address)), "do": "add"})
    last = len(names(page)) - 1
    sent = {
        **fields(page), "do": "save", "validity_years": "7",
        f"items-{last}-name": "水质类别", f"items-{last}-kind": "choice",
        f"items-{last}-choices": "一类\n二类\n", f"items-{last}-required": "on",
    }  # fmt: skip
    assert client.post(address, sent).status_code == 302
    draft.refresh_from_db()
    assert draft.items[-1] == {
        "key": "item_1", "name": "水质类别", "kind": "choice", "required": True, "choices": ["一类", "二类"],
    }  # fmt: skip
    differing = {
        line.name: line.verdict
        for line in compare_editions(draft, published)
        if line.verdict != "same"
    }
    assert differing == {"有效期": "differs", "数据项：水质类别": "added"}
    page = client.get(f"{DESK}{draft.uuid}/").content.decode()
    assert "2 处不同" in page


def test_editor_when_wrong_then_every_fault_at_its_field_and_nothing_saved(
    cast: Cast, draft: CatalogueEntry
) -> None:
    client, address = cast.client("market.compiler"), f"{DESK}{draft.uuid}/edit/"
    sent = {
        **fields(client.get(address)), "do": "save", "name": "", "validity_years": "一百",
        "number_rule": "generated", "number_pattern": "没有顺序号", "holder_kind": "any",
        "service_items": "取水许可证核发", "materials": "1", "conditions": "", "items-1-name": "", "items-2-kind": "choice", "items-2-choices": "只有一个",
    }  # fmt: skip
    page = client.post(address, sent)
    assert page.status_code == 422
    text = page.content.decode()
    for words in (
        "证照名称：还没有填证照名称", "有效期（年）：", "编号规则：编号里要有顺序号",
        "使用要求：按数据项，这种证照含个人信息，要写明使用要求",
        "对应的政务服务事项：“取水许可证核发”要写成一行", "申请材料 1 材料名称：还没有填材料名称",
        "数据项 2 名称：还没有填名称",
        "数据项 3 选项：至少写两个选项，一行一个",
    ):  # fmt: skip
        assert words in text
    draft.refresh_from_db()
    assert draft.name == "取水许可证"


@pytest.mark.article("M.6")
def test_new_kind_when_compiled_on_the_page_then_a_draft_of_ones_own_department(cast: Cast) -> None:
    client = cast.client("market.compiler")
    page = client.get(f"{DESK}new/")
    sent = {
        **fields(page), "do": "save", "type_code": "1114052529141777x1999", "name": "样例备案证",
        "holder_kind": "enterprise", "seal_kind": "official_name", "number_rule": "typed",
        "legal_basis": "《样例条例》第三条", "service_items": "TEST-0001 样例备案",
    }  # fmt: skip
    assert client.post(f"{DESK}new/", {**sent, "type_code": "123"}).status_code == 422
    answer = client.post(f"{DESK}new/", sent)
    entry = CatalogueEntry.objects.get()
    assert answer["Location"] == f"{DESK}{entry.uuid}/"
    assert (entry.type_code, entry.issuing_department, entry.edition) == (
        "1114052529141777X1999",
        cast.market,
        1,
    )
    page = client.get(f"{DESK}{entry.uuid}/")
    assert page.context["fault"] == ""
    assert client.get(f"{DESK}{entry.uuid}/specimen.svg")["Content-Type"] == "image/svg+xml"
    again = client.post(f"{DESK}new/", sent)
    assert again.status_code == 422
    text = again.content.decode()
    assert "这个代码本单位已有：样例备案证第 1 版，编制中" in text
    assert f'href="{DESK}{entry.uuid}/"' in text


@pytest.mark.article("M.6")
def test_submit_when_not_confirmed_then_asks_and_then_hands_in(
    cast: Cast, draft: CatalogueEntry
) -> None:
    client = cast.client("market.compiler")
    asked = client.get(f"{DESK}{draft.uuid}/submit/")
    assert "报送取水许可证第 2 版？" in asked.content.decode()
    draft.refresh_from_db()
    assert draft.state == "DRAFT"
    client.post(f"{DESK}{draft.uuid}/submit/", {"confirmed": "yes"})
    draft.refresh_from_db()
    assert draft.state == "SUBMITTED"
    assert client.get(f"{DESK}{draft.uuid}/edit/").status_code == 302


@pytest.mark.article("M.5")
def test_publishing_when_walked_then_sent_back_mended_and_published(
    cast: Cast, draft: CatalogueEntry, published
) -> None:
    compiler, bureau = cast.client("market.compiler"), cast.client("bureau.administrator")
    checked = f"{DESK}publishing/{draft.uuid}/"
    assert bureau.get(checked).status_code == 404  # a draft is its department's own affair
    compiler.post(f"{DESK}{draft.uuid}/submit/", {"confirmed": "yes"})
    with CaptureQueriesContext(connection) as queries:
        page = bureau.get(checked)
    assert len(queries) <= 30
    assert "与第 1 版对照" in page.content.decode()
    assert page.content.decode().count('name="remarks"') == 1
    assert [row.edition for row, *_ in bureau.get(f"{DESK}publishing/").context["rows"]] == [2, 1]
    assert bureau.post(f"{checked}send-back/", {"remarks": ""}).status_code == 422
    bureau.post(f"{checked}send-back/", {"remarks": "取水量要写单位"})
    page = compiler.get(f"{DESK}{draft.uuid}/").content.decode()
    assert "这一版被退回" in page
    assert "取水量要写单位" in page
    compiler.post(f"{DESK}{draft.uuid}/submit/", {"confirmed": "yes"})
    asked = bureau.get(f"{checked}publish/")
    assert "现行的第 1 版记为“已被新版替代”" in asked.content.decode()
    bureau.post(f"{checked}publish/", {"confirmed": "yes"})
    published.refresh_from_db()
    draft.refresh_from_db()
    assert (published.state, draft.state) == ("REPLACED", "PUBLISHED")
    refused = bureau.post(f"{checked}publish/", {"confirmed": "yes"})
    assert refused.status_code == 422
    assert "现在是“已公布”，不能公布。" in refused.content.decode()


def test_publishing_when_withdrawn_then_asked_first(cast: Cast, published: CatalogueEntry) -> None:
    bureau = cast.client("bureau.administrator")
    address = f"{DESK}publishing/{published.uuid}/withdraw/"
    assert "已经制发的证照照旧有效" in bureau.get(address).content.decode()
    bureau.post(address)
    published.refresh_from_db()
    assert published.state == "WITHDRAWN"
    assert bureau.post(address).status_code == 422


@pytest.mark.article("M.6")
def test_draft_when_given_up_then_asked_first_and_nobody_sees_it_again(
    cast: Cast, published: CatalogueEntry, draft: CatalogueEntry
) -> None:
    client, address = cast.client("market.compiler"), f"{DESK}{draft.uuid}/discard/"
    assert f'href="{address}"' in client.get(f"{DESK}{draft.uuid}/").content.decode()
    asked = client.get(address).content.decode()
    assert "放弃取水许可证第 2 版草稿？" in asked
    assert "现行的第 1 版照旧" in asked
    draft.refresh_from_db()
    assert draft.state == "DRAFT"
    assert client.post(address)["Location"] == DESK
    draft.refresh_from_db()
    published.refresh_from_db()
    assert (draft.state, published.state) == ("WITHDRAWN", "PUBLISHED")
    assert client.post(address).status_code == 422
    # it never left its department, so the bureau has nothing to do with it
    bureau = cast.client("bureau.administrator")
    assert bureau.get(f"{DESK}publishing/{draft.uuid}/").status_code == 404
    assert client.post(f"{DESK}{published.uuid}/edition/").status_code == 302
    assert CatalogueEntry.objects.filter(edition=3, state="DRAFT").exists()


@pytest.mark.parametrize(
    ("who", "status"), [("land.compiler", 404), ("market.reviewer", 403), ("bureau.compiler", 404)]
)
def test_draft_when_somebody_else_would_give_it_up_then_not(
    cast: Cast, draft: CatalogueEntry, who: str, status: int
) -> None:
    client, address = cast.client(who), f"{DESK}{draft.uuid}/discard/"
    assert (client.get(address).status_code, client.post(address).status_code) == (status, status)
    draft.refresh_from_db()
    assert draft.state == "DRAFT"


@pytest.mark.parametrize("who", ["market.compiler", "bureau.supervisor", "bureau.compiler"])
def test_publishing_when_not_the_bureau_s_administrator_then_403(
    cast: Cast, published: CatalogueEntry, who: str
) -> None:
    client = cast.client(who)
    assert client.get(f"{DESK}publishing/").status_code == 403
    assert (
        client.post(f"{DESK}publishing/{published.uuid}/publish/", {"confirmed": "yes"}).status_code
        == 403
    )


def test_comparison_when_an_item_goes_or_moves_then_said(
    cast: Cast, published: CatalogueEntry
) -> None:
    new = CatalogueEntry.objects.get(pk=published.pk)
    new.items = [published.items[1], published.items[0], *published.items[3:]]
    lines = {line.name: line for line in compare_editions(new, published)}
    assert lines[f"数据项：{published.items[2]['name']}"].verdict == "removed"
    assert lines["数据项的顺序"].verdict == "differs"
    assert compare_editions(new, None)[0].verdict == "added"


@pytest.mark.article("M.6")
def test_materials_when_added_and_moved_then_saved_as_they_stand(
    cast: Cast, draft: CatalogueEntry
) -> None:
    licence = entry_of("营业执照", cast.land)
    client, address = cast.client("market.compiler"), f"{DESK}{draft.uuid}/edit/"
    page = client.post(address, {**fields(client.get(address)), "do": "material-add"})
    page = client.post(
        address, {**fields(page), "materials-0-name": "取水许可申请书", "do": "material-add"}
    )
    page = client.post(
        address, {**fields(page), "materials-1-name": "营业执照", "do": "material-up-1"}
    )
    assert [row["name"].value() for row in page.context["materials"]] == [
        "营业执照",
        "取水许可申请书",
    ]
    strange = {**fields(page), "do": "save", "materials-0-instead": "000000000000000000000"}
    assert client.post(address, strange).status_code == 422
    sent = {**fields(page), "do": "save", "materials-0-instead": licence.type_code}
    assert client.post(address, sent).status_code == 302
    draft.refresh_from_db()
    assert draft.materials == [
        {"key": "material_2", "name": "营业执照", "required": True, "instead": licence.type_code},
        {"key": "material_1", "name": "取水许可申请书", "required": True},
    ]
    page = client.get(f"{DESK}{draft.uuid}/").content.decode()
    assert "有电子营业执照的不用交" in page
    after = client.get(address)
    assert client.post(address, {**fields(after), "do": "save"}).status_code == 302
    draft.refresh_from_db()
    assert [one["key"] for one in draft.materials] == ["material_2", "material_1"]


@pytest.mark.article("M.7")
def test_editor_when_an_item_names_a_holder_then_kept_shown_and_compared(
    cast: Cast, draft: CatalogueEntry, published: CatalogueEntry
) -> None:
    client, address = cast.client("market.compiler"), f"{DESK}{draft.uuid}/edit/"
    page = client.post(address, {**fields(client.get(address)), "do": "add"})
    last = len(names(page)) - 1
    sent = {
        **fields(page), "do": "save", f"items-{last}-name": "水权人", f"items-{last}-kind": "text",
        f"items-{last}-role": "holder_name", f"items-{last}-holder": "1",
    }  # fmt: skip
    assert client.post(address, sent).status_code == 302
    draft.refresh_from_db()
    assert {key: draft.items[-1][key] for key in ("role", "holder")} == {
        "role": "holder_name",
        "holder": 1,
    }
    again = client.get(address)
    assert again.context["rows"][-1]["holder"].value() == "1"
    told = [
        "".join(piece.text for piece in line.after)
        for line in compare_editions(draft, published)
        if line.verdict == "added"
    ]
    assert "写的是第 1 位持证人的名称（姓名）" in told[0]
    wrong = client.post(address, {**sent, f"items-{last}-kind": "date"})
    assert wrong.status_code == 422
    assert "这种关系的数据项，类型只能是：一行文字、多行文字" in wrong.content.decode()
