"""M.6: the issuing department compiles and keeps the catalogue entry; sign-off grants."""

from typing import Any

import pytest

from licences.catalogue import services as catalogue
from tests.factories.catalogue import kinds
from zezhou_portal.regulation.errors import NotPermitted, RuleBroken

pytestmark = pytest.mark.article("M.6")
CODE = "1114052529141777X1005"


def written(**changes: Any) -> dict[str, Any]:
    """What a compiler writes for 取水许可证."""
    kind = kinds()["取水许可证"]
    return {
        "name": kind["name"],
        "holder_kind": kind["holder"],
        "validity_years": kind["validity_years"],
        "items": kind["items"],
        "number_rule": kind["number"],
        "legal_basis": "\n".join(kind["legal_basis"]),
        "service_items": [{"code": "TEST-0001", "name": "取水许可证核发（样例）"}],
        **changes,
    }


def test_entry_when_compiled_then_carries_elements_items_face_and_number_rule(cast) -> None:
    entry = catalogue.compile_entry(
        actor=cast.actor("market.compiler"),
        department=cast.market,
        type_code=CODE,
        written=written(),
    )
    assert (entry.state, entry.edition, entry.issuing_department) == ("DRAFT", 1, cast.market)
    assert [item["key"] for item in entry.items][:2] == ["holder_name", "credit_code"]
    assert entry.number_rule["rule"] == "generated"
    assert entry.seal_kind == "official_name"
    assert len(entry.layout_digest) == 64
    catalogue.check_entry(entry)


def test_entry_when_another_department_issues_the_kind_then_told_so(applications, cast) -> None:
    with pytest.raises(RuleBroken, match="这个代码已有") as refusal:
        catalogue.compile_entry(
            actor=cast.actor("land.compiler"),
            department=cast.land,
            type_code=applications.entry.type_code,
            written=written(),
        )
    assert refusal.value.article == "M.6"
    with pytest.raises(NotPermitted):
        catalogue.compile_entry(
            actor=cast.actor("land.compiler"),
            department=cast.market,
            type_code=CODE,
            written=written(),
        )


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"items": []}, "取水许可证还没有数据项。"),
        ({"number_rule": {}}, "取水许可证没有写明编号怎么来。"),
        (
            {"number_rule": {"rule": "same_as", "item": "nothing"}},
            "取水许可证的编号取自一个没有的数据项。",
        ),
    ],
)
def test_entry_when_incomplete_then_not_sent_to_the_bureau(cast, changes, reason) -> None:
    compiler = cast.actor("market.compiler")
    entry = catalogue.compile_entry(
        actor=compiler, department=cast.market, type_code=CODE, written=written(**changes)
    )
    with pytest.raises(RuleBroken) as refusal:
        catalogue.submit_entry(actor=compiler, entry=entry)
    assert (refusal.value.article, refusal.value.reason) == ("M.6", reason)
    entry.refresh_from_db()
    assert entry.state == "DRAFT"


def test_edition_when_published_then_replaces_and_issued_licences_keep_theirs(
    applications, cast
) -> None:
    licence = applications.issued()
    compiler, bureau = cast.actor("market.compiler"), cast.actor("bureau.administrator")
    with pytest.raises(RuleBroken, match="这个代码本单位已有：取水许可证第 1 版，已公布"):
        catalogue.compile_entry(
            actor=compiler,
            department=cast.market,
            type_code=applications.entry.type_code,
            written=written(),
        )
    new = catalogue.start_edition(actor=compiler, entry=applications.entry, written=written())
    assert new.edition == 2
    with pytest.raises(RuleBroken, match="先办完那一版"):
        catalogue.start_edition(actor=compiler, entry=applications.entry, written={})
    new = catalogue.publish_entry(
        actor=bureau, entry=catalogue.submit_entry(actor=compiler, entry=new)
    )
    applications.entry.refresh_from_db()
    assert (new.state, applications.entry.state) == ("PUBLISHED", "REPLACED")
    licence.refresh_from_db()
    assert licence.entry == applications.entry
    with pytest.raises(RuleBroken, match="不能再改"):
        catalogue.amend_entry(actor=compiler, entry=new, written={"name": "改名"})
