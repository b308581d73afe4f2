"""The tables: catalogue entry, application, licence, stock batch."""

from zezhou_portal.regulation.transitions import Machine, Move

ENTRY = Machine(
    "证照目录",
    {
        "DRAFT": "编制中",
        "SUBMITTED": "已报送",
        "PUBLISHED": "已公布",
        "REPLACED": "已被新版替代",
        "WITHDRAWN": "已撤下",
    },
    [
        Move("submit", ("DRAFT",), "SUBMITTED", "M.6", "报送"),
        Move("send_back", ("SUBMITTED",), "DRAFT", "M.5", "退回"),
        Move("publish", ("SUBMITTED",), "PUBLISHED", "P.2.1.1", "公布"),
        Move("replace", ("PUBLISHED",), "REPLACED", "M.6", "替代"),
        Move("withdraw", ("DRAFT", "SUBMITTED", "PUBLISHED"), "WITHDRAWN", "M.6", "撤下"),
    ],
)

APPLICATION = Machine(
    "办件",
    {
        "RECEIVED": "待采集",
        "CAPTURING": "采集中",
        "UNDER_REVIEW": "待审核",
        "RETURNED": "退回补正",
        "APPROVED": "待签发",
        "CONCLUDED": "已办结",
        "REFUSED": "不予通过",
        "WITHDRAWN": "已撤回",
        "ERASED": "因涉密清除",
    },
    [
        Move("capture", ("RECEIVED", "CAPTURING"), "CAPTURING", "M.7", "采集信息"),
        Move("mend", ("RETURNED",), "RETURNED", "M.7", "补正"),
        Move("submit", ("CAPTURING", "RETURNED"), "UNDER_REVIEW", "M.7", "提交审核"),
        Move("send_back", ("UNDER_REVIEW", "APPROVED"), "RETURNED", "M.7", "退回"),
        Move("approve", ("UNDER_REVIEW",), "APPROVED", "M.7", "审核通过"),
        Move("refuse", ("UNDER_REVIEW", "APPROVED"), "REFUSED", "M.7", "不予通过"),
        Move(
            "withdraw",
            ("RECEIVED", "CAPTURING", "UNDER_REVIEW", "RETURNED"),
            "WITHDRAWN",
            "M.7",
            "撤回",
        ),
        Move("issue", ("APPROVED",), "CONCLUDED", "M.6", "签发"),
        Move(
            "erase",
            ("RECEIVED", "CAPTURING", "UNDER_REVIEW", "RETURNED", "APPROVED"),
            "ERASED",
            "M.3",
            "因涉密清除",
        ),
    ],
)

LICENCE = Machine(
    "证照",
    {
        "AWAITING_FILE": "待制证",
        "IN_FORCE": "有效",
        "DETAINED": "暂扣",
        "EXPIRED": "已过期",
        "CANCELLED": "已注销",
        "REVOKED": "已吊销",
        "ANNULLED": "已废止",
    },
    [
        Move("enter_into_force", ("AWAITING_FILE",), "IN_FORCE", "M.7", "生效"),
        Move("alter", ("IN_FORCE",), "IN_FORCE", "M.8", "变更"),
        Move("extend", ("IN_FORCE", "EXPIRED"), "IN_FORCE", "M.8", "延期"),
        Move("detain", ("IN_FORCE",), "DETAINED", "M.8", "暂扣"),
        Move("release", ("DETAINED",), "IN_FORCE", "M.8", "发还"),
        Move("expire", ("IN_FORCE", "DETAINED"), "EXPIRED", "M.8", "记为过期"),
        Move("cancel", ("IN_FORCE", "DETAINED", "EXPIRED"), "CANCELLED", "M.8", "注销"),
        Move("revoke", ("IN_FORCE", "DETAINED"), "REVOKED", "M.8", "吊销"),
        Move("annul", ("AWAITING_FILE", "IN_FORCE", "DETAINED"), "ANNULLED", "M.8", "废止"),
    ],
)

BATCH = Machine(
    "许可清单",
    {
        "READ": "已读入",
        "CHECKED": "已核对",
        "SUBMITTED": "待签批",
        "SIGNED_OFF": "转换中",
        "CONVERTED": "已转换",
        "DROPPED": "已作废",
    },
    [
        Move("check", ("READ", "CHECKED"), "CHECKED", "M.10", "核对"),
        Move("submit", ("CHECKED",), "SUBMITTED", "M.10", "提交"),
        Move("send_back", ("SUBMITTED",), "CHECKED", "M.7", "退回"),
        Move("sign_off", ("SUBMITTED",), "SIGNED_OFF", "S.12", "签批"),
        Move("convert", ("SIGNED_OFF",), "CONVERTED", "M.10", "记为已转换"),
        Move("drop", ("READ", "CHECKED", "SUBMITTED"), "DROPPED", "M.10", "作废"),
    ],
)
