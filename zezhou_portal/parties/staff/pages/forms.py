"""Forms of the parties' pages; what the law asks for is asked again by the verbs."""

from typing import Any

from django import forms
from django.conf import settings

from zezhou_portal.kernel import clock
from zezhou_portal.pagekit.fields import DayField, text
from zezhou_portal.parties.capabilities import Role
from zezhou_portal.parties.models import Account, Department, DepartmentFunction
from zezhou_portal.parties.staff.selectors import open_departments


class LogInForm(forms.Form):
    """First factor. Pasting and password managers are welcome (WCAG 3.3.8)."""

    username = text(
        "账号",
        "还没有填账号",
        most=150,
        attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"},
    )
    password = forms.CharField(
        label="密码",
        strip=False,
        max_length=1000,
        error_messages={"required": "还没有填密码"},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class CodeForm(forms.Form):
    """Second factor."""

    code = text(
        "动态口令",
        "还没有填动态口令",
        width="short",
        hint="手机动态口令应用上的 6 位数字，每 30 秒换一组",
        most=20,
        attrs={"autocomplete": "one-time-code", "inputmode": "numeric"},
    )


class ProofForm(forms.Form):
    """A factor given again: the code, or the password where there is no second factor."""

    proof = text(
        "动态口令",
        "还没有填动态口令",
        width="short",
        hint="手机动态口令应用上的 6 位数字，每 30 秒换一组",
        most=1000,
        attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": "autofocus"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not settings.PORTAL_SECOND_FACTOR:
            self.fields["proof"] = forms.CharField(
                label="密码",
                strip=False,
                max_length=1000,
                error_messages={"required": "还没有填密码"},
                widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
            )


class PasswordForm(forms.Form):
    """A new password of one's own."""

    old = forms.CharField(
        label="现在的密码",
        strip=False,
        max_length=1000,
        error_messages={"required": "还没有填现在的密码"},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label="新密码",
        strip=False,
        max_length=1000,
        help_text="至少 10 位，不全是数字，不要用常见密码或自己的账号、姓名。可以粘贴",
        error_messages={"required": "还没有填新密码"},
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label="再输一遍新密码",
        strip=False,
        max_length=1000,
        error_messages={"required": "还没有再输一遍新密码"},
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_again(self) -> str:
        """The two must be the same."""
        again: str = self.cleaned_data["again"]
        if "new" in self.cleaned_data and again != self.cleaned_data["new"]:
            raise forms.ValidationError("两次输入的新密码不一样")
        return again


class AccountChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A person: name, user name and department."""

    def label_from_instance(self, obj: Account) -> str:
        """As a list shows the person."""
        return f"{obj.name}（{obj.username}）· {obj.department.name}"


def _accounts() -> Any:
    rows = Account.objects.filter(is_active=True).select_related("department")
    return rows.order_by("department__name", "username")


class AccountForm(forms.Form):
    """A new account."""

    name = text("姓名", "还没有填姓名", most=40)
    username = text(
        "账号",
        "还没有填账号",
        hint="小写字母、数字、点、横线或下划线，例如 water.clerk2",
        most=40,
        attrs={"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"},
    )
    department = forms.ModelChoiceField(
        Department.objects.none(),
        label="所在单位",
        empty_label="请选单位",
        error_messages={"required": "还没有选所在单位", "invalid_choice": "请从单位清单里选"},
    )
    phone = text("手机号码", "", required=False, width="short", most=20)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["department"].queryset = open_departments()  # type: ignore[attr-defined]


class AppointForm(forms.Form):
    """A person's role in a department."""

    account = AccountChoice(
        Account.objects.none(),
        label="人",
        empty_label="请选人",
        error_messages={"required": "还没有选人", "invalid_choice": "请从清单里选人"},
    )
    department = forms.ModelChoiceField(
        Department.objects.none(),
        label="单位",
        to_field_name="uuid",
        empty_label="请选单位",
        error_messages={"required": "还没有选单位", "invalid_choice": "请从单位清单里选"},
    )
    role = forms.ChoiceField(
        label="岗位",
        choices=[("", "请选岗位"), *Role.choices],
        error_messages={"required": "还没有选岗位", "invalid_choice": "请从清单里选岗位"},
    )
    from_on = DayField(label="起始", error_messages={"required": "还没有填起始日期"})
    until_on = DayField(label="截止", required=False, help_text="不填就一直有效，到免去为止")
    is_named_person = forms.BooleanField(label="同时作为本单位指定专人", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["account"].queryset = _accounts()  # type: ignore[attr-defined]
        self.fields["department"].queryset = open_departments()  # type: ignore[attr-defined]
        self.fields["from_on"].initial = clock.today()


class CoverForm(forms.Form):
    """Who covers an absence, and until when."""

    by = AccountChoice(
        Account.objects.none(),
        label="由谁顶岗",
        empty_label="请选人",
        error_messages={"required": "还没有选由谁顶岗", "invalid_choice": "请从清单里选人"},
    )
    from_on = DayField(label="起始", error_messages={"required": "还没有填起始日期"})
    until_on = DayField(label="截止", error_messages={"required": "还没有填顶岗到哪一天"})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["by"].queryset = _accounts()  # type: ignore[attr-defined]
        self.fields["from_on"].initial = clock.today()


class HandOnForm(forms.Form):
    """Who takes a leaver's work of one department over."""

    successor = AccountChoice(
        Account.objects.none(),
        label="交给",
        empty_label="请选人",
        error_messages={"required": "还没有选交给谁", "invalid_choice": "请从清单里选人"},
    )

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["successor"].queryset = people  # type: ignore[attr-defined]


class DepartmentForm(forms.Form):
    """What a department is called and what it does."""

    name = text("单位名称", "还没有填单位名称")
    credit_code = text("统一社会信用代码", "还没有填统一社会信用代码", width="code", most=30)
    kind = forms.ChoiceField(
        label="类别",
        choices=[("", "请选类别"), ("county", "县直单位"), ("township", "乡镇"),
                 ("public_utility", "公用事业")],
        error_messages={"required": "还没有选类别"},
    )  # fmt: skip
    functions = forms.MultipleChoiceField(
        label="职能",
        choices=DepartmentFunction.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "至少选一项职能"},
    )
    phone = forms.CharField(
        label="办公电话",
        required=False,
        max_length=30,
        help_text="公开的；别的单位有事找本单位时看到，例如 0356-1234567",
    )


class ChangeDepartmentForm(DepartmentForm):
    """The same without the credit code, which never changes."""

    credit_code = None  # type: ignore[assignment]
