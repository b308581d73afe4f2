"""Forms of the public checks: the files, one box for a code, or what stands on the paper."""

from datetime import date
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from licences.data_items import ItemFault, read_date
from usage.verifying.file_verdicts import MOST_BYTES
from usage.verifying.printed_codes import normalise_check_code

MOST_FILES = 10
MOST_TOGETHER = 2 * MOST_BYTES
_MB = 1024 * 1024


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

    number = forms.CharField(
        label="证照编号",
        help_text="照着照面填；也可以填左下角 1.2.156 开头的证照标识",
        max_length=200,
    )
    code = forms.CharField(
        label="校验码",
        help_text="照面右下角，8 位，不分大小写",
        max_length=20,
    )
    issued_on = forms.CharField(
        label="颁发日期",
        help_text="年-月-日，例如 2026-11-24；也可以写成 2026年11月24日",
        max_length=40,
    )
    holder = forms.CharField(
        label="持证主体",
        help_text="照面上写的全名，一个字不少；几个人共同持有的都要写",
        max_length=500,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, width in (("code", "code"), ("issued_on", "date")):
            field: Any = self.fields[name]
            field.width = width

    def clean_code(self) -> str:
        """The eight characters, without what people type between them."""
        code = normalise_check_code(self.cleaned_data["code"])
        if not code:
            raise forms.ValidationError(
                "校验码是 8 位数字和字母，里面没有数字 0、1 和字母 O、I。请照着照面再填一遍"
            )
        return code

    def clean_issued_on(self) -> date:
        """The day, in any of the ways in which people write one."""
        try:
            return read_date(self.cleaned_data["issued_on"])
        except ItemFault as fault:
            raise forms.ValidationError(str(fault)) from fault


def _megabytes(size: int) -> str:
    return f"{-(-size * 10 // _MB) / 10:g}"
