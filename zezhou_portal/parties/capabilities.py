"""Capability and the role table: who may do what (M.24-M.26).

One capability per verb. Technical administrators hold no capability over licences; the three
administrators of level 3 practice (system, security, audit) are kept apart in `rules`.
"""

from enum import StrEnum

from django.db import models


class Role(models.TextChoices):
    """The roles of the portal; what each may do stands in `capabilities`."""

    SYSTEM_ADMINISTRATOR = "system_administrator", "系统管理员"
    SECURITY_ADMINISTRATOR = "security_administrator", "安全管理员"
    AUDITOR = "auditor", "审计员"
    BUREAU_ADMINISTRATOR = "bureau_administrator", "目录与岗位管理员"
    BUREAU_SUPERVISOR = "bureau_supervisor", "监督员"
    CATALOGUE_COMPILER = "catalogue_compiler", "目录编制员"
    CAPTURE_CLERK = "capture_clerk", "采集员"
    REVIEWER = "reviewer", "审核员"
    SIGNATORY = "signatory", "签发人"
    SEAL_CUSTODIAN = "seal_custodian", "印章保管人"
    VERIFIER = "verifier", "核验员"


class Capability(StrEnum):
    """What can be permitted, each with the words a page uses when it is missing."""

    OPEN_ACCOUNTS = "open_accounts"
    KEEP_RUNNING = "keep_running"
    UNLOCK_ACCOUNTS = "unlock_accounts"
    RESET_SECOND_FACTOR = "reset_second_factor"
    SEARCH_TRAIL = "search_trail"
    MANAGE_DEPARTMENTS = "manage_departments"
    APPOINT_PEOPLE = "appoint_people"
    HAND_ON_WORK = "hand_on_work"
    PUBLISH_ENTRIES = "publish_entries"
    LOAD_INSTRUMENTS = "load_instruments"
    CONFIRM_INSTRUMENTS = "confirm_instruments"
    PROPOSE_CALENDARS = "propose_calendars"
    CONFIRM_CALENDARS = "confirm_calendars"
    SUPERVISE = "supervise"
    COMPILE_ENTRIES = "compile_entries"
    RECEIVE_APPLICATIONS = "receive_applications"
    CAPTURE_VALUES = "capture_values"
    ENTER_HOLDERS = "enter_holders"
    CONFIRM_HOLDERS = "confirm_holders"
    IMPORT_STOCK = "import_stock"
    REVIEW_APPLICATIONS = "review_applications"
    ISSUE_LICENCES = "issue_licences"
    SIGN_OFF_STOCK = "sign_off_stock"
    RECORD_PAPER = "record_paper"
    CONSULT_REGISTER = "consult_register"
    UNMASK_VALUES = "unmask_values"
    MAKE_COPIES = "make_copies"
    WATCH_EXCHANGE = "watch_exchange"
    RESEND_MESSAGES = "resend_messages"
    WATCH_CLOCKS = "watch_clocks"
    KEEP_SEALS = "keep_seals"
    CHANGE_LICENCES = "change_licences"
    VERIFY_LICENCES = "verify_licences"
    RELY_ON_LICENCES = "rely_on_licences"
    SERVE_AT_WINDOW = "serve_at_window"
    RECORD_MANDATES = "record_mandates"
    # A holder's: by their own real-name check, or by a mandate's powers.
    SEE_OWN_LICENCES = "see_own_licences"
    PRESENT_OWN_LICENCES = "present_own_licences"
    TAKE_OWN_COPIES = "take_own_copies"
    GIVE_MANDATES = "give_mandates"

    @property
    def words(self) -> str:
        """What the capability allows, as a clause."""
        return _WORDS[self]


_WORDS = {
    Capability.OPEN_ACCOUNTS: "开通和停用账号",
    Capability.KEEP_RUNNING: "看管后台运行",
    Capability.UNLOCK_ACCOUNTS: "解锁账号",
    Capability.RESET_SECOND_FACTOR: "重置动态口令",
    Capability.SEARCH_TRAIL: "查询操作记录",
    Capability.MANAGE_DEPARTMENTS: "登记和变更单位",
    Capability.APPOINT_PEOPLE: "任免岗位、指定专人",
    Capability.HAND_ON_WORK: "移交未办结的件",
    Capability.PUBLISH_ENTRIES: "公布证照目录",
    Capability.LOAD_INSTRUMENTS: "登记后续文件",
    Capability.CONFIRM_INSTRUMENTS: "确认后续文件",
    Capability.PROPOSE_CALENDARS: "登记放假安排",
    Capability.CONFIRM_CALENDARS: "确认放假安排",
    Capability.SUPERVISE: "监督各单位",
    Capability.COMPILE_ENTRIES: "编制证照目录",
    Capability.RECEIVE_APPLICATIONS: "收件",
    Capability.CAPTURE_VALUES: "采集信息",
    Capability.ENTER_HOLDERS: "登记持证人",
    Capability.CONFIRM_HOLDERS: "认定同一持证人",
    Capability.IMPORT_STOCK: "导入许可清单",
    Capability.REVIEW_APPLICATIONS: "审核",
    Capability.ISSUE_LICENCES: "签发",
    Capability.SIGN_OFF_STOCK: "签批许可清单",
    Capability.RECORD_PAPER: "登记纸质证照",
    Capability.CONSULT_REGISTER: "查阅证照库",
    Capability.UNMASK_VALUES: "查看未遮蔽的个人信息",
    Capability.MAKE_COPIES: "下载文件和阅览件",
    Capability.WATCH_EXCHANGE: "查看与市平台往来",
    Capability.RESEND_MESSAGES: "重新推送",
    Capability.WATCH_CLOCKS: "查看时限",
    Capability.KEEP_SEALS: "保管电子印章",
    Capability.CHANGE_LICENCES: "办理证照状态变化",
    Capability.VERIFY_LICENCES: "核验证照",
    Capability.RELY_ON_LICENCES: "把证照作为办事依据",
    Capability.SERVE_AT_WINDOW: "窗口代为查询和打印",
    Capability.RECORD_MANDATES: "窗口登记代办关系",
    Capability.SEE_OWN_LICENCES: "查看证照",
    Capability.PRESENT_OWN_LICENCES: "亮证",
    Capability.TAKE_OWN_COPIES: "下载证照和加注件",
    Capability.GIVE_MANDATES: "委托他人代办",
}

_DESK = {
    Capability.CONSULT_REGISTER,
    Capability.WATCH_CLOCKS,
    Capability.WATCH_EXCHANGE,
}

ROLE_CAPABILITIES: dict[Role, frozenset[Capability]] = {
    Role.SYSTEM_ADMINISTRATOR: frozenset({Capability.OPEN_ACCOUNTS, Capability.KEEP_RUNNING}),
    Role.SECURITY_ADMINISTRATOR: frozenset(
        {Capability.UNLOCK_ACCOUNTS, Capability.RESET_SECOND_FACTOR}
    ),
    Role.AUDITOR: frozenset({Capability.SEARCH_TRAIL}),
    Role.BUREAU_ADMINISTRATOR: frozenset(
        {
            Capability.MANAGE_DEPARTMENTS,
            Capability.APPOINT_PEOPLE,
            Capability.HAND_ON_WORK,
            Capability.PUBLISH_ENTRIES,
            Capability.LOAD_INSTRUMENTS,
            Capability.CONFIRM_INSTRUMENTS,
            Capability.PROPOSE_CALENDARS,
            Capability.CONFIRM_CALENDARS,
        }
    ),
    Role.BUREAU_SUPERVISOR: frozenset(
        {
            Capability.SUPERVISE,
            Capability.CONFIRM_INSTRUMENTS,
            Capability.CONFIRM_CALENDARS,
            Capability.WATCH_CLOCKS,
            Capability.WATCH_EXCHANGE,
        }
    ),
    Role.CATALOGUE_COMPILER: frozenset({Capability.COMPILE_ENTRIES}),
    Role.CAPTURE_CLERK: frozenset(
        {
            *_DESK,
            Capability.RECEIVE_APPLICATIONS,
            Capability.CAPTURE_VALUES,
            Capability.ENTER_HOLDERS,
            Capability.IMPORT_STOCK,
            Capability.RECORD_PAPER,
            Capability.UNMASK_VALUES,
            Capability.MAKE_COPIES,
            Capability.RESEND_MESSAGES,
        }
    ),
    Role.REVIEWER: frozenset(
        {
            *_DESK,
            Capability.REVIEW_APPLICATIONS,
            Capability.CONFIRM_HOLDERS,
            Capability.UNMASK_VALUES,
        }
    ),
    Role.SIGNATORY: frozenset(
        {
            *_DESK,
            Capability.ISSUE_LICENCES,
            Capability.SIGN_OFF_STOCK,
            Capability.CHANGE_LICENCES,
            Capability.MAKE_COPIES,
            Capability.RESEND_MESSAGES,
        }
    ),
    Role.SEAL_CUSTODIAN: frozenset({Capability.KEEP_SEALS}),
    # Of any department that uses licences, at a window or on the street (P.2.3.2, P.2.3.3).
    Role.VERIFIER: frozenset(
        {
            Capability.VERIFY_LICENCES,
            Capability.RELY_ON_LICENCES,
            Capability.SERVE_AT_WINDOW,
            Capability.RECORD_MANDATES,
        }
    ),
}

# What a holder may do with what is their own; a mandate gives a part of it.
OWN = frozenset(
    {
        Capability.SEE_OWN_LICENCES,
        Capability.PRESENT_OWN_LICENCES,
        Capability.TAKE_OWN_COPIES,
        Capability.GIVE_MANDATES,
    }
)
