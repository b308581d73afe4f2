"""Invented values for the style guide page: every component in every state."""

from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

from django import forms

from zezhou_portal.kernel.clock import now
from zezhou_portal.pagekit.timeline import Event
from zezhou_portal.pagekit.views import Question
from zezhou_portal.templatetags.words import MARKS, STATES, STEPS, VERDICTS


class SampleForm(forms.Form):
    """One field of each kind, some of them wrong."""

    holder = forms.CharField(label="持证主体名称", max_length=120)
    credit_code = forms.CharField(
        label="统一社会信用代码", help_text="18 位，字母大写", max_length=18
    )
    valid_until = forms.CharField(label="有效期至", help_text="年-月-日，例如 2028-11-03")
    business = forms.ChoiceField(
        label="主体业态",
        choices=[("1", "食品销售经营者"), ("2", "餐饮服务经营者"), ("3", "单位食堂")],
        widget=forms.RadioSelect,
    )
    kind = forms.ChoiceField(
        label="证照种类", choices=[("", "请选择"), ("1", "食品经营许可证")], required=False
    )
    items = forms.CharField(label="经营项目", help_text="多项用“；”隔开", widget=forms.Textarea)
    plan = forms.FileField(label="经营场所布局图", help_text="PDF、JPG、PNG，不超过 20 MB")
    sure = forms.BooleanField(label="我已核对持证人和文号")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, attribute, value in (
            ("holder", "source", "营业执照第 2 版"),
            ("credit_code", "source", "手工录入"),
            ("credit_code", "width", "code"),
            ("valid_until", "width", "date"),
            (
                "valid_until",
                "explain",
                ("长期有效的证照怎么填？", "勾选“长期”，日期留空。不要填 2099-12-31。"),
            ),
        ):
            setattr(self.fields[name], attribute, value)

    def clean_credit_code(self) -> str:
        """Always wrong, so that the guide shows how wrong looks."""
        raise forms.ValidationError("校验码对不上。请对照营业执照，从头到尾再核一遍")


_QUESTION = Question(
    question="吊销这份食品经营许可证？",
    consequences=[
        "泽州县大阳镇一谢洋面馆的 JY21405250000014 立即失效，查验都显示“已吊销”。",
        "10 分钟内推送市平台；持证人会收到通知和救济途径。",
    ],
    verb="提交吊销，交签批",
    back="#g-state",
    back_words="不吊销，返回",
    undo="吊销不能撤回。确有错误的，走“纠正”，两次都留在记录里。",
    references=("M.7", "M.8"),
    hands="另一位有吊销权限的同事签批后生效。",
    stop=True,
)


def samples() -> dict[str, Any]:
    """The context of templates/portal/styleguide.html."""
    moment = now()
    clocks = {"到期远": 9, "到期近": 0, "已超期": -6}
    return {
        "states": list(STATES),
        "marks": list(MARKS),
        "steps": list(STEPS),
        "verdicts": VERDICTS,
        "clocks": [
            SimpleNamespace(state="RUNNING", due_at=moment + timedelta(days=days))
            for days in clocks.values()
        ],
        "met": SimpleNamespace(
            state="MET", due_at=moment, armed_at=moment - timedelta(seconds=41), closed_at=moment
        ),
        "sample_form": SampleForm(
            {"holder": "泽州县巴公镇晋香食府", "credit_code": "92140525MA0KX3T27B", "business": "2"}
        ),
        "clean_form": SampleForm(),
        "sample_question": _QUESTION,
        "asks": [
            {"question": "证照今天有效", "answer": "yes", "reason": "有效期至 2028年11月3日"},
            {"question": "标注允许使用", "answer": "no", "reason": "持证人对“住所”有异议"},
            {"question": "印章现在有效", "answer": "not_known", "reason": "市印章系统没有答复"},
            {"question": "由持证人本人出示", "answer": "not_asked", "reason": "上传文件不问这一项"},
        ],
        **_told(moment),
        "cards": [
            ("ochre", "营业执照", "IN_FORCE", "泽州县大阳镇一谢洋面馆", "92140525MAWX7YY88E"),
            (
                "azure",
                "道路运输经营许可证",
                "DETAINED",
                "山西泽州丹河物流有限公司",
                "晋字140525000318号",
            ),
            (
                "crimson",
                "不动产权证书",
                "IN_FORCE",
                "李秀英、王建国（共同共有）",
                "晋（2024）第0001873号",
            ),
            ("bamboo", "取水许可证", "AWAITING_FILE", "泽州县下村镇清泉供水站", "正在制证"),
        ],
    }


def _told(moment: datetime) -> dict[str, Any]:
    """What panels, time lines and steppers say."""
    return {
        "events": [
            Event(moment, "查阅", "李强，事由：日常检查", "eye", "quiet"),
            Event(
                moment - timedelta(days=1),
                "标注异议：经营场所",
                "申请人：持证人本人",
                "message-circle-warning",
                "heed",
                "M.23",
            ),
            Event(moment - timedelta(days=900), "签章入库，第 1 版有效", icon="stamp"),
        ],
        "stages": [
            {"name": "选文件", "done": True},
            {"name": "对应各列", "done": True},
            {"name": "逐行检查", "current": True},
            {"name": "转换"},
        ],
        "page": SimpleNamespace(before="", after="token", size=20),
        "last_page": SimpleNamespace(before="token", after="", size=20),
    }
