"""Forms of a verification: files, whatever one has, what stands on paper; a verifier's own."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from usage.verifying import relying
from usage.verifying.codes import normalise_check_code
from usage.verifying.file_verdicts import MOST_BYTES
from usage.verifying.results import MOST_PURPOSE
from zezhou_portal.kernel import clock
from zezhou_portal.pagekit import fields
from zezhou_portal.pagekit.fields import DayField

MOST_FILES = 10
MOST_TOGETHER = 2 * MOST_BYTES
MOST_TEXT = 400
_MB = 1024 * 1024
_PLAIN = {"autocomplete": "off", "autocapitalize": "off", "spellcheck": "false"}


class _FilesInput(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """One or more files, each judged by the size of its upload before a byte is read."""

    widget = _FilesInput

    def clean(self, data: Any, initial: Any = None) -> Any:  # noqa: ARG002
        """The uploads in their order. Raises ValidationError with one sentence a fault."""
        uploads: list[UploadedFile[bytes]] = list(data or [])
        if not uploads:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        if len(uploads) > MOST_FILES:
            raise forms.ValidationError(
                f"一次最多查 {MOST_FILES} 个文件，现在选了 {len(uploads)} 个。请分几次查"
            )
        for upload in uploads:
            if (upload.size or 0) > MOST_BYTES:
                raise forms.ValidationError(
                    f"“{upload.name}”有 {_megabytes(upload.size or 0)} MB，"
                    f"单个文件不能超过 {MOST_BYTES // _MB} MB。请确认选的是证照文件"
                )
        together = sum(upload.size or 0 for upload in uploads)
        if together > MOST_TOGETHER:
            raise forms.ValidationError(
                f"这些文件一共 {_megabytes(together)} MB，"
                f"一次不能超过 {MOST_TOGETHER // _MB} MB。请分几次查"
            )
        return uploads


class FilesForm(forms.Form):
    """What is to be checked."""

    file = FilesField(
        label="电子证照文件",
        help_text=f"OFD 文件，单个不超过 {MOST_BYTES // _MB} MB，一次最多 {MOST_FILES} 个",
        widget=_FilesInput(attrs={"accept": ".ofd"}),
    )


class BoxForm(forms.Form):
    """Whatever one has in hand."""

    code = forms.CharField(
        label="短码、网址或证照编号",
        help_text="短码是持证人读给您的 8 位数字；网址是扫码扫出来的",
        max_length=400,
    )


class PaperForm(forms.Form):
    """Four things that are printed on a face; all of them must be right."""

    number = fields.text(
        "证照编号或证照标识", "还没有填证照编号", width="code", most=200, attrs=_PLAIN,
        hint="照着照面填；左下角 1.2.156 开头的标识也可以",
    )  # fmt: skip
    code = fields.text(
        "校验码", "还没有填校验码", width="short", most=20, attrs=_PLAIN,
        hint="照面右下角，8 位，不分大小写",
    )  # fmt: skip
    issued_on = DayField(
        label="颁发日期",
        help_text="年-月-日，例如 2026-11-24；也可以写成 2026年11月24日",
        error_messages={"required": "还没有填颁发日期"},
    )
    holder = fields.text(
        "持证主体",
        "还没有填持证主体",
        most=500,
        hint="照面上写的全名，一个字不少；几个人共同持有的都要写",
    )

    def clean_code(self) -> str:
        """The eight characters, without what people type between them."""
        code = normalise_check_code(self.cleaned_data["code"])
        if not code:
            raise forms.ValidationError(
                "校验码是 8 位数字和字母，里面没有数字 0、1 和字母 O、I。请照着照面再填一遍"
            )
        return code


class ScanForm(forms.Form):
    """One field that takes a scanner, a keyboard and the camera; what for, if one likes."""

    text = fields.text(
        "扫码，或者输入",
        "还没有扫码，也没有输入",
        hint="亮证码、照面和加注件上的二维码、8 位数字、证照编号，都在这里",
        most=MOST_TEXT,
        attrs={**_PLAIN, "enterkeyhint": "go"},
    )
    purpose = fields.text(
        "用途", "", required=False, hint="例如：日常检查、用水开户。这次登录期间一直记着"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].widget.attrs["autofocus"] = True
        self.fields["text"].widget.attrs["data-zz-scan-into"] = True


class StaffPaperForm(PaperForm):
    """The same, and the day that is asked about; what for, if one likes."""

    on_day = DayField(
        label="按哪一天查", required=False, help_text="查过去某一天有没有效；不填就是今天"
    )
    purpose = fields.text("用途", "", required=False)

    def clean_on_day(self) -> Any:
        """Today or a past day; a coming one is not known to anybody."""
        day = self.cleaned_data["on_day"]
        if day is not None and day > clock.today():
            raise forms.ValidationError("这一天还没有到。查今天的，把日期留空")
        return day


class PastDayForm(forms.Form):
    """The past day that is asked about."""

    on_day = DayField(
        label="按哪一天查",
        help_text="例如合同签订那一天",
        error_messages={"required": "还没有填日期"},
    )


class RelyForm(forms.Form):
    """For which application a licence is the basis; what is wrong the verb says."""

    purpose = fields.text(
        "办理事项",
        "还没有填办理事项",
        most=MOST_PURPOSE,
        hint="例如：用水报装、日常监督检查",
    )
    application_number = fields.text(
        "办件号", "", required=False, width="code", most=relying.MOST_NUMBER, attrs=_PLAIN,
        hint="业务系统里的办件号",
    )  # fmt: skip


def _megabytes(size: int) -> str:
    return f"{-(-size * 10 // _MB) / 10:g}"
