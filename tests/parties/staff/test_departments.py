"""Departments: opened, changed, closed; work handed on (M.3, M.24)."""

import pytest

from tests.cast import Cast
from tests.factories.parties import credit_code
from tests.records import outcomes, records
from zezhou_portal.kernel import clock
from zezhou_portal.parties.staff import departments
from zezhou_portal.regulation.errors import NotPermitted, RuleBroken

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.article("M.3"),
    pytest.mark.usefixtures("wednesday"),
]


def _open(cast: Cast, who: str = "bureau.administrator", **more):
    values = {"name": "泽州县样例镇人民政府", "credit_code": credit_code(77), "kind": "township",
              "functions": ["using"]}  # fmt: skip
    return departments.open_department(actor=cast.actor(who), **{**values, **more})


def test_open_department_when_right_then_entered_and_recorded(cast: Cast) -> None:
    row = _open(cast, name=" 泽州县样例镇人民政府 ", credit_code=credit_code(77).lower())
    assert (row.name, row.credit_code, row.is_open) == (
        "泽州县样例镇人民政府",
        credit_code(77),
        True,
    )
    assert outcomes("department_opened") == [("done", "泽州县样例镇人民政府")]


def test_open_department_when_neighbours_clerk_then_refused(cast: Cast) -> None:
    with pytest.raises(NotPermitted):
        _open(cast, "market.clerk")
    assert outcomes("department_opened") == [("refused", "")]


@pytest.mark.parametrize(
    ("more", "fields"),
    [
        ({"credit_code": "1114052500000019"},
         {"credit_code": "统一社会信用代码应为 18 位，现在是 16 位"}),
        ({"name": "泽州县市场监督管理局"},
         {"name": "已经有叫“泽州县市场监督管理局”的单位。请核对，或写全称。"}),
        ({"name": " ", "functions": []}, {"name": "还没有填单位名称。", "functions": "至少选一项职能。"}),
    ],
)  # fmt: skip
def test_open_department_when_typed_wrong_then_a_sentence_at_the_field(cast, more, fields) -> None:
    with pytest.raises(RuleBroken) as caught:
        _open(cast, **more)
    assert caught.value.fields == fields


def test_open_department_when_code_is_taken_then_names_whose_it_is(cast: Cast) -> None:
    with pytest.raises(RuleBroken) as caught:
        _open(cast, credit_code=cast.market.credit_code)
    assert caught.value.fields == {
        "credit_code": "这个代码已经登记在“泽州县市场监督管理局”名下。请核对代码。"
    }


def test_change_department_when_changed_then_before_and_after_recorded(cast: Cast) -> None:
    departments.change_department(
        actor=cast.actor("bureau.administrator"), department=cast.land, name="泽州县自然资源和规划局",
        kind="county", functions=["issuing", "using", "seal"],
    )  # fmt: skip
    assert records("department_changed")[0].facts == {
        "name": ["泽州县自然资源局", "泽州县自然资源和规划局"]
    }


def test_change_department_when_function_is_staffed_then_stays(cast: Cast) -> None:
    with pytest.raises(RuleBroken) as caught:
        departments.change_department(
            actor=cast.actor("bureau.administrator"), department=cast.land, name=cast.land.name,
            kind="county", functions=["using"],
        )  # fmt: skip
    assert caught.value.fields == {
        "functions": "还有人在这项职能的岗位上。先免去岗位，再去掉职能。"
    }


def test_close_department_when_people_are_posted_then_refused(cast: Cast) -> None:
    with pytest.raises(RuleBroken) as caught:
        departments.close_department(actor=cast.actor("bureau.administrator"), department=cast.land)
    assert caught.value.reason == "泽州县自然资源局还有 6 个岗位有人。先免去这些岗位，再停用。"


def test_close_department_when_nothing_is_left_then_closed_once(cast: Cast) -> None:
    cast.land.postings.update(ended_at=clock.now())
    actor = cast.actor("bureau.administrator")
    row = departments.close_department(actor=actor, department=cast.land)
    assert (row.is_open, row.closed_on) == (False, clock.today())
    with pytest.raises(RuleBroken, match="已经停用"):
        departments.close_department(actor=actor, department=cast.land)
    with pytest.raises(RuleBroken, match="管理单位不能停用"):
        departments.close_department(actor=actor, department=cast.bureau)
    assert [one.outcome for one in records("department_closed")] == ["done", "refused", "refused"]
