"""What states, marks, answers and steps look like: word, silhouette and colour together.

Each table is closed: a code that is not in it raises, so that a page cannot show a state
without its word.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Look:
    """One code's word, the symbol of the sprite beside it and the ending of its CSS class."""

    word: str
    icon: str
    css: str


STATES = {
    "IN_FORCE": Look("有效", "s-in-force", "in-force"),
    "AWAITING_FILE": Look("待制证", "s-awaiting", "awaiting"),
    "DETAINED": Look("暂扣", "s-detained", "detained"),
    "EXPIRED": Look("已过期", "s-expired", "expired"),
    "CANCELLED": Look("已注销", "s-cancelled", "cancelled"),
    "REVOKED": Look("已吊销", "s-revoked", "revoked"),
    "ANNULLED": Look("已废止", "s-annulled", "annulled"),
}

# The css part is the mark's voice: what it does to a verification.
MARKS = {
    "OBJECTED": Look("有异议", "message-circle-warning", "no"),
    "LOST": Look("已挂失", "flag", "no"),
    "INSPECTION_DUE": Look("待年检", "calendar-clock", "heed"),
    "PLEDGED": Look("已质押", "link-2", ""),
    "MORTGAGED": Look("已抵押", "landmark", ""),
    "INSPECTED": Look("已年检", "calendar-check", "yes"),
}

ANSWERS = {
    "yes": Look("是", "s-in-force", "yes"),
    "no": Look("否", "s-revoked", "no"),
    "not_known": Look("不知道", "a-unknown", "unknown"),
    "not_asked": Look("未问", "a-unasked", "unasked"),
}

VERDICTS = {
    "passed": Look("通过", "v-yes", "yes"),
    "failed": Look("未通过", "v-no", "no"),
    "indeterminate": Look("无法确定", "v-unknown", "unknown"),
}

# A step is never a pill; its css part is open (mine to do), done (passed on) or back.
STEPS = {
    "RECEIVED": Look("待采集", "", ""),
    "CAPTURING": Look("采集中", "", ""),
    "UNDER_REVIEW": Look("待审核", "", "done"),
    "RETURNED": Look("退回补正", "", "back"),
    "APPROVED": Look("待签发", "", "done"),
    "CONCLUDED": Look("已办结", "", "done"),
    "REFUSED": Look("不予通过", "", "back"),
    "WITHDRAWN": Look("已撤回", "", "done"),
    "ERASED": Look("因涉密清除", "", "back"),
}

NOTICES = {
    "yes": Look("", "circle-check", "yes"),
    "plain": Look("", "info", ""),
    "heed": Look("", "triangle-alert", "heed"),
    "no": Look("", "circle-alert", "no"),
}

# django.contrib.messages levels, by tag
LEVELS = {"success": "yes", "info": "plain", "debug": "plain", "warning": "heed", "error": "no"}

HOLDER_KINDS = {"enterprise": "企业、个体工商户", "person": "个人", "any": "个人、企业和组织"}

# What the help page explains; the terms are those of the glossary that binds the portal.
GLOSSARY = (
    ("管理单位", "泽州县行政审批服务管理局。统筹目录、管理、应用和监督考核，不替别的单位发证。"),
    ("制发单位", "依法发证的单位，例如县市场监督管理局。对证照的完整、准确、时效负责。"),
    ("应用单位", "办事时使用证照的单位。"),
    ("证照持有人", "证照发给谁：自然人、法人或者非法人组织。"),
    ("证照目录", "一种证照的规定：发给谁、由谁发、填哪些数据项、照面什么样。分版本发布。"),
    ("数据项", "证照上的一栏，例如“经营场所”。"),
    ("照面", "证照印出来的样子。"),
    ("采集、审核、签发", "录入信息；另一个人核对；有签批权的人批准，随即盖章制证。"),
    ("归集", "把制好的电子证照送到市电子证照管理平台。"),
    ("存量证照", "办法施行以前发的、还在有效期内的纸质证照；由制发单位转成电子的。"),
    ("核验", "逐项查一份证照是不是真的、现在能不能用。"),
    ("异议", "对证照信息不认可；核查期间证照会标注出来。"),
    ("工作日", "按国务院办公厅公布的放假安排计算，不含周末和节假日，含调休上班日。"),
)

# Django's own sentences, said as the portal says them; keyed by the error's code.
FAULTS = {
    "max_length": "最多 {limit_value} 字，现在是 {show_value} 字",
    "min_length": "至少 {limit_value} 字，现在是 {show_value} 字",
    "max_value": "不能大于 {limit_value}",
    "min_value": "不能小于 {limit_value}",
    "invalid_choice": "选项里没有这一个，请重新选",
    "invalid_list": "没有读懂选了哪些，请重新选",
    "invalid_date": "日期应为年-月-日，例如 2028-11-03",
    "empty": "这个文件是空的，请重新选",
    "missing": "没有收到文件，请重新选",
    "invalid_image": "这不是图片，或者图片坏了",
    "null_characters_not_allowed": "里面有不能用的字符，请重新输入",
}
# What is missing, by the control's type.
MISSING = {
    "": "还没有填",
    "select": "还没有选",
    "radio": "还没有选",
    "checkbox": "还没有勾选",
    "file": "还没有上传",
}
