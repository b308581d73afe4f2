"""Compile, amend, submit, send back, publish by another person, replace, withdraw (M.5, M.6)."""

import pytest

from licences.catalogue import services as catalogue
from licences.catalogue.pages.forms import written_of
from licences.catalogue.selectors import service_items_of
from licences.catalogue.service_items import read_service_items
from licences.models import CatalogueEntry, ServiceItem
from tests.cast import Cast
from tests.factories.catalogue import guide_of, kinds
from tests.records import outcomes, records
from zezhou_portal.parties.models import Notification, Posting, Role
from zezhou_portal.regulation.errors import NotPermitted, RuleBroken

NEW_CODE = "1114052529141777X1999"


def drafted(cast: Cast, published: CatalogueEntry, **changes) -> CatalogueEntry:
    return catalogue.start_edition(
        actor=cast.actor("market.compiler"),
        entry=published,
        written={**written_of(published), **changes},
    )


def submitted(cast: Cast, published: CatalogueEntry, **changes) -> CatalogueEntry:
    draft = drafted(cast, published, **changes)
    return catalogue.submit_entry(actor=cast.actor("market.compiler"), entry=draft)


@pytest.mark.article("M.6")
def test_compile_when_published_then_the_next_edition_as_a_draft(
    cast: Cast, published: CatalogueEntry
) -> None:
    draft = drafted(cast, published, conditions="仅限取水监管使用。")
    assert (draft.edition, draft.state, draft.type_code) == (2, "DRAFT", published.type_code)
    assert draft.items == published.items
    assert draft.compiled_by_key == cast.actor("market.compiler").key
    assert outcomes("edition_started") == [("done", f"取水许可证第 2 版（{cast.market.name}）")]
    published.refresh_from_db()
    assert published.state == "PUBLISHED"


@pytest.mark.article("M.6")
def test_compile_when_a_draft_is_open_then_refused(cast: Cast, published: CatalogueEntry) -> None:
    drafted(cast, published)
    with pytest.raises(RuleBroken, match="已有一版在编制或报送中"):
        drafted(cast, published)
    assert [outcome for outcome, _ in outcomes("edition_started")] == ["done", "refused"]


@pytest.mark.article("M.6")
def test_compile_when_the_kind_is_a_neighbour_s_then_refused(
    cast: Cast, published: CatalogueEntry
) -> None:
    with pytest.raises(RuleBroken) as refusal:
        catalogue.compile_entry(
            actor=cast.actor("land.compiler"),
            department=cast.land,
            type_code=published.type_code,
            written=written_of(published),
        )
    assert refusal.value.fields["type_code"].startswith(
        f"这个代码已有：{cast.market.name}的取水许可证。"
    )
    with pytest.raises(NotPermitted):
        catalogue.start_edition(
            actor=cast.actor("land.compiler"), entry=published, written=written_of(published)
        )
    with pytest.raises(NotPermitted):
        catalogue.compile_entry(
            actor=cast.actor("land.compiler"),
            department=cast.market,
            type_code=NEW_CODE,
            written=written_of(published),
        )
    assert CatalogueEntry.objects.count() == 1


def test_compile_when_the_code_is_misshapen_then_refused_at_the_field(
    cast: Cast, published: CatalogueEntry
) -> None:
    with pytest.raises(RuleBroken) as refusal:
        catalogue.compile_entry(
            actor=cast.actor("market.compiler"),
            department=cast.market,
            type_code="取水许可证",
            written=written_of(published),
        )
    assert list(refusal.value.fields) == ["type_code"]
    assert "现在是 5 位" in refusal.value.reason


@pytest.mark.article("M.6")
def test_amend_when_draft_then_records_what_changed_and_later_refuses(
    cast: Cast, published: CatalogueEntry
) -> None:
    compiler = cast.actor("market.compiler")
    draft = drafted(cast, published)
    catalogue.amend_entry(
        actor=compiler, entry=draft, written={"validity_years": 3, "name": draft.name}
    )
    assert records("entry_amended")[-1].facts == {"changed": ["validity_years"]}
    with pytest.raises(NotPermitted):
        catalogue.amend_entry(
            actor=cast.actor("land.compiler"), entry=draft, written={"name": "别的"}
        )
    catalogue.submit_entry(actor=compiler, entry=draft)
    with pytest.raises(RuleBroken, match="已报送，不能再改"):
        catalogue.amend_entry(actor=compiler, entry=draft, written={"name": "别的"})
    draft.refresh_from_db()
    assert (draft.name, draft.validity_years, draft.state) == ("取水许可证", 3, "SUBMITTED")


@pytest.mark.article("M.5")
def test_send_back_when_remarked_then_draft_again_and_the_compiler_told(
    cast: Cast, published: CatalogueEntry
) -> None:
    entry = submitted(cast, published)
    bureau = cast.actor("bureau.administrator")
    with pytest.raises(RuleBroken, match="还没有写退回意见"):
        catalogue.send_back_entry(actor=bureau, entry=entry, remarks=" ")
    row = catalogue.send_back_entry(actor=bureau, entry=entry, remarks="取水量要写单位")
    assert (row.state, row.remarks) == ("DRAFT", "取水量要写单位")
    told = Notification.objects.get()
    assert told.account == cast.account("market.compiler")
    assert (told.body, told.link) == ("取水量要写单位", f"/catalogue-desk/{entry.uuid}/")
    again = catalogue.submit_entry(actor=cast.actor("market.compiler"), entry=row)
    assert (again.state, again.remarks) == ("SUBMITTED", "")
    with pytest.raises(NotPermitted):
        catalogue.send_back_entry(actor=cast.actor("market.compiler"), entry=entry, remarks="不要")


@pytest.mark.article("P.2.1.1")
def test_publish_when_checked_by_another_then_replaces_the_edition_before(
    cast: Cast, published: CatalogueEntry
) -> None:
    entry = submitted(cast, published, validity_years=7)
    row = catalogue.publish_entry(actor=cast.actor("bureau.administrator"), entry=entry)
    published.refresh_from_db()
    assert (row.state, published.state) == ("PUBLISHED", "REPLACED")
    assert row.published_at is not None
    told = records("entry_published")
    assert [(one.subject_label, one.facts["state"]) for one in told] == [
        (f"取水许可证第 2 版（{cast.market.name}）", ["SUBMITTED", "PUBLISHED"]),
        (f"取水许可证第 1 版（{cast.market.name}）", ["PUBLISHED", "REPLACED"]),
    ]


@pytest.mark.article("M.5")
def test_publish_when_one_compiled_it_oneself_then_refused(
    cast: Cast, published: CatalogueEntry
) -> None:
    entry = submitted(cast, published)
    entry.compiled_by_key = cast.actor("bureau.administrator").key
    entry.save(update_fields=["compiled_by_key"])
    with pytest.raises(RuleBroken, match="要由别人核对后公布"):
        catalogue.publish_entry(actor=cast.actor("bureau.administrator"), entry=entry)
    with pytest.raises(NotPermitted):
        catalogue.publish_entry(actor=cast.actor("market.compiler"), entry=entry)
    entry.refresh_from_db()
    assert entry.state == "SUBMITTED"
    assert [outcome for outcome, _ in outcomes("entry_published")] == ["refused", "refused"]


@pytest.mark.article("M.6")
def test_publish_when_it_is_a_draft_then_refused_by_the_table(
    cast: Cast, published: CatalogueEntry
) -> None:
    draft = drafted(cast, published)
    with pytest.raises(RuleBroken, match="现在是“编制中”，不能公布"):
        catalogue.publish_entry(actor=cast.actor("bureau.administrator"), entry=draft)


@pytest.mark.article("M.6")
def test_discard_when_no_draft_or_a_neighbour_s_then_refused_on_the_record(
    cast: Cast, published: CatalogueEntry
) -> None:
    draft, compiler = drafted(cast, published), cast.actor("market.compiler")
    with pytest.raises(NotPermitted, match="这一件属于其他单位"):
        catalogue.discard_entry(actor=cast.actor("land.compiler"), entry=draft)
    row = catalogue.submit_entry(actor=compiler, entry=draft)
    for one, words in ((row, "已报送"), (published, "已公布")):
        with pytest.raises(RuleBroken, match=f"{words}，不是草稿，不能放弃"):
            catalogue.discard_entry(actor=compiler, entry=one)
    assert [outcome for outcome, _ in outcomes("entry_discarded")] == ["refused"] * 3
    catalogue.send_back_entry(
        actor=cast.actor("bureau.administrator"), entry=row, remarks="请补数据项"
    )
    assert catalogue.discard_entry(actor=compiler, entry=row).state == "WITHDRAWN"
    assert records("entry_discarded")[-1].facts == {"state": ["DRAFT", "WITHDRAWN"]}


@pytest.mark.article("M.6")
def test_withdraw_when_published_then_taken_down_and_nothing_leads_on(
    cast: Cast, published: CatalogueEntry
) -> None:
    bureau = cast.actor("bureau.administrator")
    with pytest.raises(NotPermitted):
        catalogue.withdraw_entry(actor=cast.actor("market.compiler"), entry=published)
    assert catalogue.withdraw_entry(actor=bureau, entry=published).state == "WITHDRAWN"
    with pytest.raises(RuleBroken, match="现在是“已撤下”"):
        catalogue.withdraw_entry(actor=bureau, entry=published)
    draft = drafted(cast, published)
    assert draft.edition == 2


@pytest.mark.article("M.6")
@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"items": []}, "还没有数据项"),
        ({"items": [{"key": "a", "name": "甲", "kind": "text"}]}, "缺少持证主体名称这一数据项"),
        ({"items": [{"name": "甲"}]}, "数据项读不出来"),
        ({"number_rule": {"rule": "same_as", "item": "gone"}}, "编号取自一个没有的数据项"),
        ({"number_rule": {"rule": "guessed"}}, "没有写明编号怎么来"),
        ({"number_rule": {"rule": "generated", "pattern": "{year}"}}, "编号里要有顺序号"),
        ({"number_rule": {"rule": "generated", "pattern": "{x:1}{sequence:04}"}}, "看不懂 {x:1}"),
        ({"legal_basis": " "}, "还没有写设定依据"),
        ({"service_items": []}, "还没有写对应的政务服务事项"),
        ({"materials": [{"key": "a", "name": " "}]}, "还没有填材料名称"),
        (
            {"materials": [{"key": "a", "name": "章程"}, {"key": "b", "name": "章程"}]},
            "有申请材料写了两遍",
        ),
        ({"holder_kind": "any"}, "按数据项，取水许可证含个人信息，还没有写明使用要求"),
    ],
)
def test_submit_when_the_entry_is_unsound_then_says_what(
    cast: Cast, published: CatalogueEntry, changes, sentence
) -> None:
    draft = drafted(cast, published, **changes)
    with pytest.raises(RuleBroken, match=sentence):
        catalogue.submit_entry(actor=cast.actor("market.compiler"), entry=draft)
    draft.refresh_from_db()
    assert draft.state == "DRAFT"


@pytest.mark.article("P.2.1.1")
def test_publish_when_items_differ_then_those_of_the_edition_lead_to_the_kind(
    cast: Cast, published: CatalogueEntry
) -> None:
    bureau = cast.actor("bureau.administrator")
    first = [{"code": "TEST-1", "name": "取水许可证核发"}, {"code": "TEST-2", "name": "变更"}]
    catalogue.publish_entry(actor=bureau, entry=submitted(cast, published, service_items=first))
    assert [one.code for one in service_items_of(published)] == ["TEST-1", "TEST-2"]
    again = [{"code": "TEST-2", "name": "取水许可证变更"}]
    catalogue.publish_entry(actor=bureau, entry=submitted(cast, published, service_items=again))
    assert [(one.code, one.name) for one in service_items_of(published)] == [
        ("TEST-2", "取水许可证变更")
    ]
    assert ServiceItem.objects.filter(code="TEST-1").exists()


@pytest.mark.article("P.2.1.1")
def test_submit_when_a_service_item_is_a_neighbour_s_then_says_whose(
    cast: Cast, published: CatalogueEntry
) -> None:
    ServiceItem.objects.create(code="TEST-1", name="不动产登记", department=cast.land)
    draft = drafted(cast, published, service_items=[{"code": "TEST-1", "name": "取水"}])
    with pytest.raises(RuleBroken) as refusal:
        catalogue.submit_entry(actor=cast.actor("market.compiler"), entry=draft)
    assert refusal.value.reason == f"事项编码 TEST-1 是{cast.land.name}的“不动产登记”，请核对。"
    assert list(refusal.value.fields) == ["service_items"]


@pytest.mark.article("M.22")
@pytest.mark.parametrize(
    ("items", "holder_kind", "typed", "words"),
    [
        ([], "enterprise", "", ""),
        ([], "person", "", "个人信息"),
        ([], "any", "", "个人信息"),
        ([{"kind": "citizen_id"}], "enterprise", "", "个人信息"),
        ([{"kind": "text", "sensitivity": "personal_privacy"}], "enterprise", "", "个人信息"),
        ([{"kind": "image"}], "enterprise", "", "个人信息"),  # whoever's face is shown
        ([{"kind": "number", "sensitivity": "trade_secret"}], "enterprise", "", "商业秘密"),
        (
            [{"kind": "number", "sensitivity": "trade_secret"}, {"kind": "citizen_id"}],
            "enterprise", "", "商业秘密、个人信息",
        ),
        ([], "enterprise", "trade_secret", "商业秘密"),
        ([], "enterprise", "personal_privacy", "个人信息"),
    ],
)  # fmt: skip
def test_sensitivity_when_items_tell_it_then_nobody_types_it(
    items, holder_kind, typed, words
) -> None:
    entry = CatalogueEntry(
        items=[{"key": f"a{place}", "name": "甲", **one} for place, one in enumerate(items)],
        holder_kind=holder_kind,
        sensitivity=typed,
    )
    assert entry.sensitive_words == words


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", []),
        ("TEST-1 取水\n\n  ｔｅｓｔ-2　 取水 变更 ",
         [{"code": "TEST-1", "name": "取水"}, {"code": "TEST-2", "name": "取水 变更"}]),
        ("取水许可", "先写事项编码"), ("取水 许可", "只能有数字、大写字母和短横"),
        ("A1 取水\nA1 取水", "写了两遍"), ("A1 " + "水" * 201, "最多 200 个字，现在是 201 个"),
    ],
)  # fmt: skip
def test_service_items_when_written_one_a_line_then_read(text, found) -> None:
    if isinstance(found, str):
        with pytest.raises(ValueError, match=found):
            read_service_items(text)
    else:
        assert read_service_items(text) == found


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"kind": "choice", "choices": ["甲"]}, "至少写两个选项"),
        ({"kind": "choice", "choices": ["甲", "甲"]}, "有选项写了两遍"),
        ({"kind": "text", "pattern": "("}, "写法规则读不懂"),
        ({"kind": "text", "max_length": 0}, "最多字数在 1 到 4000 之间"),
        ({"kind": "date", "default": "明天"}, "默认值不合这一项的要求"),
        ({"kind": "guess"}, "不认识"),
        ({"key": "holder_name", "kind": "text"}, "键重复"),
        ({"key": "Über", "kind": "text"}, "代号用小写英文字母开头"),
        ({"kind": "text", "sensitivity": "secret"}, "请选敏感类别"),
    ],
)
def test_submit_when_a_data_item_is_unsound_then_says_what(
    cast: Cast, published: CatalogueEntry, more, sentence
) -> None:
    items = [*published.items, {"key": "extra", "name": "另一项", "required": False, **more}]
    draft = drafted(cast, published, items=items)
    with pytest.raises(RuleBroken, match=sentence):
        catalogue.submit_entry(actor=cast.actor("market.compiler"), entry=draft)


@pytest.mark.parametrize("name", sorted(kinds()))
def test_submit_when_a_sample_kind_then_accepted(cast: Cast, name: str) -> None:
    kind = kinds()[name]
    draft = catalogue.compile_entry(
        actor=cast.actor("market.compiler"),
        department=cast.market,
        type_code=kind["code"],
        written={
            "name": name, "holder_kind": kind["holder"], "items": kind["items"],
            "number_rule": kind["number"], "conditions": kind.get("conditions", ""),
            "materials": kind["materials"], **guide_of(kind, cast.market),
            "several_holders": kind.get("holders") == "several",
        },
    )  # fmt: skip
    assert (
        catalogue.submit_entry(actor=cast.actor("market.compiler"), entry=draft).state
        == "SUBMITTED"
    )


@pytest.mark.article("M.5")
def test_the_bureau_s_own_entries_when_published_then_by_another_person(cast: Cast) -> None:
    Posting.objects.create(
        account=cast.account("bureau.administrator"),
        department=cast.bureau,
        role=Role.CATALOGUE_COMPILER,
        from_on="2026-01-01",
    )
    kind = kinds()["取水许可证"]
    both = cast.actor("bureau.administrator")
    draft = catalogue.compile_entry(
        actor=both, department=cast.bureau, type_code=kind["code"],
        written={"name": "取水许可证", "holder_kind": "enterprise", "items": kind["items"],
                 "number_rule": kind["number"], **guide_of(kind, cast.bureau)},
    )  # fmt: skip
    catalogue.submit_entry(actor=both, entry=draft)
    with pytest.raises(RuleBroken, match="要由别人核对后公布"):
        catalogue.publish_entry(actor=both, entry=draft)
