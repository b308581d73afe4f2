"""Every article of the three instruments: its reference and its gist in our own words.

The published text has no M.30.
"""

from dataclasses import dataclass
from datetime import date

from zezhou_portal.regulation.instruments import Instrument, instrument_of


@dataclass(frozen=True)
class Article:
    """One article: `reference` as code cites it, `gist` as a page shows it."""

    reference: str
    gist: str

    @property
    def instrument(self) -> Instrument:
        """The text it stands in."""
        return instrument_of(self.reference)

    @property
    def name(self) -> str:
        """How a page names it: 办法第九条, 方案第 2.2.1 项."""
        number = self.reference.split(".", 1)[1]
        if self.reference.startswith("P."):
            return f"方案第 {number} 项"
        return f"{self.instrument.short}第{_in_words(int(number))}条"

    def in_force(self, on: date) -> bool:
        """Whether its instrument is in force on a day, by its own words."""
        return self.instrument.in_force(on)


def _in_words(number: int) -> str:
    """1 to 99 in Chinese figures."""
    figures = "零一二三四五六七八九"
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else ("十" if tens == 1 else f"{figures[tens]}十")
    return head + (figures[ones] if ones or not tens else "")


_GISTS = {
    "M.1": "为规范电子证照管理、推进普遍应用制定本办法",
    "M.2": "适用于县内各级行政机关和其他履行政务服务职能的机构",
    "M.3": "证照、电子证照与管理、制发、应用单位及持有人的定义；涉及国家秘密的除外",
    "M.4": "六项原则：标准统一、同等效力、统一平台、共享互认、优先使用、安全可控",
    "M.5": "县行政审批服务管理局统筹目录编制、管理、应用和监督考核",
    "M.6": "制发单位梳理编制证照信息并随实体证照实时更新",
    "M.7": "制发单位负责采集、审核、制作签发、注销更新，对完整、准确、时效负责",
    "M.8": "电子证照同步归集到市平台，变更等全过程信息同步更新",
    "M.9": "在线生成与办结同步；离线生成的在办结后1个工作日内推送目录",
    "M.10": "施行前颁发且仍有效的存量证照由制发单位完成电子化",
    "M.11": "不可抗力导致迟延的应上报，故障排除后3个工作日内补办",
    "M.12": "电子证照作为基础数据无条件共享，另有规定的除外",
    "M.13": "制发须使用电子签名和电子印章",
    "M.14": "应用单位发布应用场景清单和指南，在清单范围内用证",
    "M.15": "能通过市平台获取的，不得要求提供实体证照",
    "M.16": "扩大个人电子证照应用",
    "M.17": "拓展企业电子证照应用",
    "M.18": "促进电子证照社会化应用",
    "M.19": "通过市平台用证接口使用、查阅、核验、打印",
    "M.20": "持有人实名认证后可查询所持电子证照",
    "M.21": "作为办事依据使用的应当存档",
    "M.22": "涉及商业秘密和个人隐私的，由制发单位明确使用要求",
    "M.23": "对信息有异议的可申请核查：1个工作日内标注，5个工作日内答复",
    "M.24": "指定专人负责电子证照管理",
    "M.25": "身份认证、访问控制、全过程日志，保存不少于3年",
    "M.26": "执行安全管理要求，保护商业秘密和个人隐私",
    "M.27": "随机抽查、模拟办事、电子督查并督查整改",
    "M.28": "纳入年度目标责任考核",
    "M.29": "五种情形限期整改",
    "M.31": "公用事业运营单位涉及电子证照的适用本办法",
    "M.32": "自印发之日起施行，有效期两年",
    "S.1": "规范电子印章管理",
    "S.2": "电子印章、管理部门和使用单位的定义",
    "S.3": "业务系统与市电子印章应用系统对接",
    "S.4": "电子印章与实物印章同等效力",
    "S.5": "申请：证书、申请表、审核并逐级报送，未通过的告知原因",
    "S.6": "印模由申请人提供并与实物一致；证书由省级认证机构提供",
    "S.7": "检查证书有效性和名称一致性",
    "S.8": "有效期与证书一致，到期前30日内申请续期",
    "S.9": "可对证照、凭据等电子文档签章",
    "S.10": "加盖电子印章与纸质同等效力；打印或转换的视同复印件",
    "S.11": "不得拒绝使用，不得要求重复提交纸质材料",
    "S.12": "用印须经审批，严禁越权",
    "S.13": "签章文档按规定归档",
    "S.14": "参照实物印章管理，专人保管",
    "S.15": "撤并、更名时通知注销并公示",
    "S.16": "丢失、失控时通知处理并公示",
    "S.17": "使用和管理不当的责任",
    "S.18": "涉及国家秘密的按保密规定执行",
    "S.19": "自印发之日起施行",
    "P.1": "工作目标：2022年底前实现“免证办”，2023年起全面推行亮证、用证、验证",
    "P.2.1.1": "梳理公布电子证照目录清单，明确事项与证照对应关系",
    "P.2.1.2": "完善各类证照照面信息",
    "P.2.2.1": "加快存量证照电子化转换，优先高频事项",
    "P.2.2.2": "同步生成增量电子证照",
    "P.2.2.3": "建立常态化管理机制，及时纠正、补充、更新",
    "P.2.3.1": "梳理公布用证清单，动态管理",
    "P.2.3.2": "免交纸质证照，线下可亮证查验",
    "P.2.3.3": "现场电子亮证，在线验证",
    "P.2.3.4": "推进证照社会化应用",
    "P.2.3.5": "证照到期提醒",
    "P.2.4": "加快数字证书及电子签章应用",
    "P.3.1": "加强组织协调",
    "P.3.2": "加强技术支撑和数据质量管理",
    "P.3.3": "制定本单位管理制度",
    "P.3.4": "加强监督考核，定期通报",
    "P.3.5": "加强宣传推广",
}
ARTICLES = {reference: Article(reference, gist) for reference, gist in _GISTS.items()}


def article(reference: str) -> Article:
    """The article by its reference; KeyError where the text has none (M.30)."""
    return ARTICLES[reference]
