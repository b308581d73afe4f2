"""The words of every fact that a record may hold, and how its value is read.

A fact that has no words here cannot be written (`recording` refuses it), so none is ever read
without them. Words of codes that belong to an app lying above (states, kinds, roles) are given
by that app when it starts, by `give_words`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum


class Reading(Enum):
    """How the value of a fact is read. A digest, nothing, and before and after suit each."""

    PLAIN = "plain"
    COUNT = "count"
    COUNTS = "counts"
    YES_NO = "yes_no"
    DAY = "day"
    TERM = "term"
    LIST = "list"
    CODE = "code"
    STATE = "state"
    ACT = "act"
    ITEM = "item"
    ARTICLE = "article"


@dataclass(frozen=True)
class Fact:
    """The words of a fact's name, and how its value is read."""

    words: str
    reading: Reading = Reading.PLAIN


_COUNT, _YES, _DAY, _LIST, _CODE = (
    Reading.COUNT, Reading.YES_NO, Reading.DAY, Reading.LIST, Reading.CODE,
)  # fmt: skip
FACTS: Mapping[str, Fact] = {
    "about": Fact("查的是"),
    "account": Fact("账号"),
    "action": Fact("行为", Reading.ACT),
    "again": Fact("同一次读取再取", _YES),
    "application": Fact("办件号"),
    "application_number": Fact("办理的事项编号"),
    "asked": Fact("等持证人同意", _YES),
    "basis": Fact("依据", _CODE),
    "blank": Fact("印刷号"),
    "certificate": Fact("证书序列号"),
    "changed": Fact("改了", Reading.ITEM),
    "city_number": Fact("市平台受理号"),
    "clock_article": Fact("时限依据", Reading.ARTICLE),
    "clock_state": Fact("时限状态", _CODE),
    "columns": Fact("对应的列", _COUNT),
    "consent": Fact("先问持证人", _YES),
    "copy": Fact("加注件"),
    "count": Fact("件数", _COUNT),
    "covered_by": Fact("顶岗人"),
    "covers_ended": Fact("结束的顶岗", _COUNT),
    "credit_code": Fact("统一社会信用代码"),
    "days": Fact("还有几天到期", _COUNT),
    "days_at_work": Fact("调休上班的天数", _COUNT),
    "days_off": Fact("放假的天数", _COUNT),
    "days_late": Fact("超期的工作日", _COUNT),
    "department": Fact("单位"),
    "detail": Fact("标注说明"),
    "document": Fact("决定书文号"),
    "edition": Fact("版次", _COUNT),
    "expires_on": Fact("用到哪天", _DAY),
    "fates": Fact("核对结果", Reading.COUNTS),
    "fields": Fact("项目", Reading.ITEM),
    "file": Fact("文件摘要"),
    "files_erased": Fact("清除的文件", _COUNT),
    "filters": Fact("筛选条件", _LIST),
    "first": Fact("从哪天", _DAY),
    "found": Fact("找到", _COUNT),
    "functions": Fact("职能", _LIST),
    "ground": Fact("依据"),
    "holders": Fact("持证人", _LIST),
    "identity_check": Fact("身份核对", _CODE),
    "identity_number": Fact("证件号码"),
    "identity_type": Fact("证件类型", _CODE),
    "in_hand_of": Fact("在谁名下"),
    "is_active": Fact("在用", _YES),
    "is_named_person": Fact("指定专人", _YES),
    "is_open": Fact("在用", _YES),
    "is_provisional": Fact("放假安排待公布", _YES),
    "item": Fact("照片数据项", Reading.ITEM),
    "items": Fact("出示的项目", Reading.ITEM),
    "kind": Fact("种类", _CODE),
    "last": Fact("到哪天", _DAY),
    "last_day": Fact("期限最后一天", _DAY),
    "layout": Fact("照面模板摘要"),
    "level": Fact("实名等级", _COUNT),
    "licence": Fact("证照标识"),
    "locked": Fact("锁定", _YES),
    "materials": Fact("材料", _LIST),
    "mandate": Fact("代办关系"),
    "mandate_state": Fact("代办状态", _CODE),
    "mark": Fact("标注", _CODE),
    "mended_by": Fact("另报的一条"),
    "message": Fact("推送"),
    "message_state": Fact("推送状态", _CODE),
    "mode": Fact("方式", _CODE),
    "name": Fact("名称"),
    "name_after": Fact("新名称"),
    "name_before": Fact("原名称"),
    "notice": Fact("通知文号"),
    "no_number_reason": Fact("没有号码的原因"),
    "not_in_force": Fact("已不在有效期的行", _LIST),
    "numbers": Fact("改的天数、年限", Reading.COUNTS),
    "office": Fact("在企业的身份"),
    "on_day": Fact("查的是哪天", _DAY),
    "open_work": Fact("未办结的件", Reading.COUNTS),
    "operator": Fact("经营者"),
    "operators_differ": Fact("经营者与登记不一致的行", _LIST),
    "outcome": Fact("结果", _CODE),
    "password": Fact("密码", _CODE),
    "person": Fact("办理人"),
    "phone": Fact("办公电话"),
    "phone_after": Fact("新电话"),
    "phone_before": Fact("原电话"),
    "place": Fact("第几个码", _COUNT),
    "postings_ended": Fact("免去的岗位", _COUNT),
    "powers": Fact("代办权限", _LIST),
    "presentation": Fact("亮证", _CODE),
    "principal": Fact("为谁代办"),
    "proposed_by": Fact("提出人"),
    "provider": Fact("认证渠道", _CODE),
    "purpose": Fact("用途"),
    "reader": Fact("看的人"),
    "reason": Fact("原因", _CODE),
    "renewed": Fact("换了新码", _YES),
    "replaces": Fact("替代"),
    "role": Fact("岗位", _CODE),
    "row_span": Fact("从第几行到第几行", Reading.TERM),
    "rows": Fact("行数", _COUNT),
    "same_as": Fact("认定为同一人"),
    "sample": Fact("样例", _YES),
    "search": Fact("查找的内容"),
    "second_factor": Fact("动态口令", _YES),
    "second_factor_vouched": Fact("动态口令已核实", _YES),
    "sheet": Fact("许可清单"),
    "state": Fact("状态", Reading.STATE),
    "stopped": Fact("暂停", _YES),
    "subject": Fact("对象"),
    "successor": Fact("接手的人"),
    "taken_by": Fact("领取人"),
    "term": Fact("任期", Reading.TERM),
    "told": Fact("提醒了几人", _COUNT),
    "topic": Fact("推送种类", _CODE),
    "tries": Fact("试了几次", _COUNT),
    "until": Fact("到什么时候", _DAY),
    "username": Fact("账号"),
    "valid_until": Fact("有效期截止", _DAY),
    "verdict": Fact("结论", _CODE),
    "verification": Fact("核验编号"),
    "version": Fact("版本", _COUNT),
    "was_another": Fact("换了人", _YES),
    "was_known": Fact("早已登记", _YES),
    "was_late": Fact("超过时限", _YES),
    "what": Fact("看了哪一项", Reading.ITEM),
    "why": Fact("原因"),
    "year": Fact("年份"),
}

_states: dict[str, dict[str, str]] = {}
_codes: dict[str, dict[str, str]] = {
    "outcome": {"done": "已办", "refused": "被拒", "failed": "出错"},
    "password": {"reset": "由管理员重置", "changed": "本人修改"},
    "presentation": {"on": "打开", "off": "关闭"},
}


class UnknownFact(LookupError):
    """A fact that has no words yet: add it to `FACTS` before it is written."""


def give_words(
    *,
    states: Mapping[str, Mapping[str, str]] | None = None,
    codes: Mapping[str, Mapping[str, str]] | None = None,
) -> None:
    """Adds the words of an app's codes: of states by kind of subject, of codes by fact.

    Raises UnknownFact for a fact without words, ValueError where a code has other words already.
    """
    demand_known(codes or {})
    for given, kept in ((states or {}, _states), (codes or {}, _codes)):
        for key, words in given.items():
            known = kept.setdefault(key, {})
            if any(known.get(code, word) != word for code, word in words.items()):
                raise ValueError(f"{key}: a code has two meanings")
            known.update(words)


def demand_known(names: Iterable[str]) -> None:
    """Raises UnknownFact unless every fact named has words."""
    if unknown := sorted(set(names) - FACTS.keys()):
        raise UnknownFact(f"facts without words: {', '.join(unknown)}")


def states_of(subject_kind: str) -> Mapping[str, str]:
    """The words of the states of a kind of subject."""
    return _states.get(subject_kind, {})


def codes_of(fact: str) -> Mapping[str, str]:
    """The words of the codes of a fact."""
    return _codes.get(fact, {})
