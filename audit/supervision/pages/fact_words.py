"""The named values of a record in words that an auditor reads; the record itself stays as it is."""

from collections.abc import Mapping

from audit.deadlines.lifecycle import DEADLINE
from licences.lifecycle import APPLICATION, BATCH, ENTRY, LICENCE
from seals.lifecycle import SEAL

FACTS = {
    "state": "状态",
    "count": "件数",
    "rows": "行数",
    "not_in_force": "已不在有效期的行",
    "found": "找到",
    "file": "文件摘要",
    "files_erased": "清除的文件",
    "item": "照片数据项",
    "what": "看了哪一项",
    "version": "版本",
    "edition": "版次",
    "changed": "改了",
    "fields": "项目",
    "columns": "列的对应",
    "layout": "照面模板摘要",
    "first": "从哪天",
    "last": "到哪天",
    "person": "办理人",
    "department": "单位",
    "subject": "对象",
    "action": "行为",
    "outcome": "结果",
    "reason": "原因",
    "document": "决定书文号",
    "mark": "标注",
    "detail": "标注说明",
    "licence": "证照标识",
    "application": "办件号",
    "certificate": "证书序列号",
    "blank": "印刷号",
    "taken_by": "领取人",
    "mode": "生成方式",
    "kind": "种类",
    "holders": "持证人数",
    "term": "任期",
    "role": "岗位",
    "account": "账号",
    "username": "账号",
    "is_named_person": "指定专人",
    "is_open": "在用",
    "is_active": "在用",
    "functions": "职能",
    "open_work": "未办结的件",
    "postings_ended": "免去的岗位",
    "covers_ended": "结束的顶岗",
    "covered_by": "顶岗人",
    "successor": "后续文件",
    "replaces": "替代",
    "title": "名称",
    "credit_code": "统一社会信用代码",
    "was_known": "早已登记",
    "identity_type": "证件类型",
    "identity_number": "证件号码",
    "no_number_reason": "没有号码的原因",
    "name_before": "原名称",
    "name_after": "新名称",
    "phone_before": "原电话",
    "phone_after": "新电话",
    "password": "密码",
    "second_factor": "动态口令",
    "locked": "锁定",
    "message": "推送",
    "stopped": "暂停",
    "sample": "样例",
    "row": "行号",
}
_STATES: Mapping[str, Mapping[str, str]] = {
    "licence": LICENCE.labels,
    "application": APPLICATION.labels,
    "catalogue_entry": ENTRY.labels,
    "stock_batch": BATCH.labels,
    "seal": SEAL.labels,
    "deadline": DEADLINE.labels,
}


def labels_of(subject_kind: str) -> Mapping[str, str]:
    """What the states of a kind of subject are called."""
    return _STATES.get(subject_kind, {})
