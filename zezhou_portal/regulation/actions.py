"""Every act worth a record (M.25): code, the sentence it reads as, the article it falls under."""

from enum import Enum


class Action(Enum):
    """The closed list. An act that is not here cannot be recorded, so it cannot be done."""

    # Who is who and who may what (M.3, M.24-M.26)
    DEPARTMENT_OPENED = ("department_opened", "登记单位", "M.3")
    DEPARTMENT_CHANGED = ("department_changed", "变更单位信息", "M.3")
    DEPARTMENT_CLOSED = ("department_closed", "停用单位", "M.3")
    ACCOUNT_OPENED = ("account_opened", "开通账号", "M.25")
    ACCOUNT_CHANGED = ("account_changed", "变更账号", "M.25")
    ACCOUNT_CLOSED = ("account_closed", "停用账号", "M.25")
    PERSON_POSTED = ("person_posted", "任用岗位", "M.24")
    POSTING_ENDED = ("posting_ended", "免去岗位", "M.24")
    ABSENCE_COVERED = ("absence_covered", "安排顶岗", "M.24")
    PERSON_NAMED = ("person_named", "指定专人", "M.24")
    WORK_HANDED_ON = ("work_handed_on", "移交未办结的件", "M.24")
    LOGGED_IN = ("logged_in", "登录", "M.25")
    LOGIN_REFUSED = ("login_refused", "登录失败", "M.25")
    LOGGED_OUT = ("logged_out", "退出", "M.25")
    POSTING_CHOSEN = ("posting_chosen", "切换岗位单位", "M.25")
    PASSWORD_CHANGED = ("password_changed", "修改密码", "M.25")
    SECOND_FACTOR_SET = ("second_factor_set", "绑定动态口令", "M.25")
    SECOND_FACTOR_RESET = ("second_factor_reset", "重置动态口令", "M.25")
    HOLDER_ENTERED = ("holder_entered", "登记持证人", "M.3")
    HOLDER_CHANGED = ("holder_changed", "变更持证人信息", "M.3")
    HOLDERS_SEARCHED = ("holders_searched", "查找持证人", "M.25")
    VALUE_UNMASKED = ("value_unmasked", "查看未遮蔽的个人信息", "M.26")
    INSTRUMENT_LOADED = ("instrument_loaded", "登记后续文件", "M.32")

    # Catalogue (M.5, M.6, P.2.1)
    ENTRY_COMPILED = ("entry_compiled", "编制证照目录", "M.6")
    ENTRY_SUBMITTED = ("entry_submitted", "报送证照目录", "M.6")
    ENTRY_RETURNED = ("entry_returned", "退回证照目录", "M.5")
    ENTRY_PUBLISHED = ("entry_published", "公布证照目录", "P.2.1.1")
    ENTRY_WITHDRAWN = ("entry_withdrawn", "撤下证照目录", "M.6")

    # From matter to licence (M.7-M.10, M.13)
    SECRET_DECLARED = ("secret_declared", "涉及国家秘密，不予收录", "M.3")
    MATTER_RECEIVED = ("matter_received", "收件", "M.9")
    VALUES_CAPTURED = ("values_captured", "采集信息", "M.7")
    FILE_ATTACHED = ("file_attached", "添加附件", "M.7")
    FILE_REMOVED = ("file_removed", "移除附件", "M.7")
    MATTER_SUBMITTED = ("matter_submitted", "提交审核", "M.7")
    MATTER_WITHDRAWN = ("matter_withdrawn", "撤回办件", "M.7")
    MATTER_APPROVED = ("matter_approved", "审核通过", "M.7")
    MATTER_RETURNED = ("matter_returned", "退回补正", "M.7")
    MATTER_REFUSED = ("matter_refused", "不予通过", "M.7")
    LICENCE_ISSUED = ("licence_issued", "签发", "M.6")
    LICENCE_IN_FORCE = ("licence_in_force", "制证完成，证照生效", "M.7")
    PRODUCTION_FAILED = ("production_failed", "制证未成", "M.7")
    LICENCE_EXPIRED = ("licence_expired", "有效期届满", "M.8")
    LICENCE_ALTERED = ("licence_altered", "变更证照", "M.8")
    LICENCE_EXTENDED = ("licence_extended", "延期", "M.8")
    LICENCE_DETAINED = ("licence_detained", "暂扣", "M.8")
    LICENCE_RELEASED = ("licence_released", "发还", "M.8")
    LICENCE_CANCELLED = ("licence_cancelled", "注销", "M.8")
    LICENCE_REVOKED = ("licence_revoked", "吊销", "M.8")
    LICENCE_ANNULLED = ("licence_annulled", "废止", "M.8")
    MARK_PUT_ON = ("mark_put_on", "加注标注", "M.8")
    MARK_TAKEN_OFF = ("mark_taken_off", "取消标注", "M.8")
    BLANK_RECORDED = ("blank_recorded", "登记纸质证照印刷号", "M.9")
    PAPER_HANDED_OVER = ("paper_handed_over", "登记纸质证照发放", "M.9")
    SHEET_RECEIVED = ("sheet_received", "收到许可清单", "M.10")
    SHEET_SUBMITTED = ("sheet_submitted", "提交许可清单", "M.10")
    SHEET_SIGNED_OFF = ("sheet_signed_off", "签批许可清单", "M.10")
    SHEET_DROPPED = ("sheet_dropped", "作废许可清单", "M.10")
    SHEET_FILE_ERASED = ("sheet_file_erased", "清除清单原文件", "M.26")
    ROW_CONVERTED = ("row_converted", "存量证照转换", "M.10")

    # Seals (S.9, S.12)
    SEAL_REGISTERED = ("seal_registered", "登记电子印章", "S.5")
    SEAL_USE_APPROVED = ("seal_use_approved", "批准用印", "S.12")
    SEAL_USED = ("seal_used", "用印", "S.9")
    SEAL_BLOCKED = ("seal_blocked", "停用电子印章", "S.16")
    SEAL_UNBLOCKED = ("seal_unblocked", "恢复电子印章", "S.16")

    # City (M.8, M.9, S.3)
    MESSAGE_POSTED = ("message_posted", "待推送市平台", "M.8")
    MESSAGE_SENT = ("message_sent", "已推送市平台", "M.8")
    MESSAGE_ACCEPTED = ("message_accepted", "市平台已接收", "M.8")
    MESSAGE_REFUSED = ("message_refused", "市平台退回", "M.8")
    MESSAGE_GIVEN_UP = ("message_given_up", "推送多次未成", "M.8")
    MESSAGE_RESENT = ("message_resent", "重新推送", "M.8")

    # Clocks (M.9, M.11)
    CLOCK_MOVED = ("clock_moved", "重新计算时限", "M.9")
    CLOCK_MET = ("clock_met", "按时办结", "M.9")
    CLOCK_BREACHED = ("clock_breached", "超过时限", "M.9")

    # Reading is an act (M.25, M.26)
    LICENCE_CONSULTED = ("licence_consulted", "查阅证照", "M.25")
    COPY_MADE = ("copy_made", "下载或打印阅览件", "S.10")
    FILE_DOWNLOADED = ("file_downloaded", "下载证照文件", "M.25")
    FILE_CHECKED = ("file_checked", "查验文件", "M.19")
    LICENCE_LOOKED_UP = ("licence_looked_up", "扫码查验", "M.19")
    TRAIL_SEARCHED = ("trail_searched", "查询操作记录", "M.25")
    LIST_EXPORTED = ("list_exported", "导出清单", "M.25")

    def __init__(self, code: str, words: str, article: str) -> None:
        self.code = code
        self.words = words
        self.article = article


BY_CODE = {action.code: action for action in Action}
