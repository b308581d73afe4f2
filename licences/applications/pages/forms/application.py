"""Forms of an application's page: the paper licence (M.9)."""

from django import forms


class BlankForm(forms.Form):
    """The printing number of the paper blank."""

    paper_blank_number = forms.CharField(
        label="空白证照印刷号",
        help_text="照纸质证照上印的流水号填",
        max_length=60,
        required=False,
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["paper_blank_number"].width = "code"  # type: ignore[attr-defined]
        self.fields["paper_blank_number"].quiet = True  # type: ignore[attr-defined]


class HandingOverForm(forms.Form):
    """Who took the paper licence."""

    paper_taken_by = forms.CharField(
        label="领取人", help_text="持证人或受托人的姓名", max_length=60, required=False
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["paper_taken_by"].width = "short"  # type: ignore[attr-defined]
        self.fields["paper_taken_by"].quiet = True  # type: ignore[attr-defined]
