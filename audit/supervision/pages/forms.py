"""What may be asked of the trail."""

from datetime import timedelta
from typing import Any

from django import forms

from audit.supervision.selectors import TrailQuery
from audit.supervision.services.trail_searching import OUTCOMES
from audit.trail.vocabulary.reading import choices
from zezhou_portal.kernel import clock
from zezhou_portal.pagekit.fields import DayField

USUAL = timedelta(days=30)


class TrailForm(forms.Form):
    """Period, person, department, subject, action and outcome; the last 30 days unless told."""

    first = DayField(label="从哪天", required=False)
    last = DayField(label="到哪天", required=False)
    person = forms.CharField(label="办理人姓名", required=False, max_length=120)
    department = forms.ChoiceField(label="单位", required=False)
    subject = forms.CharField(label="对象：证照标识、办件号、名称", required=False, max_length=200)
    action = forms.ChoiceField(
        label="行为",
        required=False,
        choices=[("", "全部"), *choices()],
    )
    outcome = forms.ChoiceField(
        label="结果", required=False, choices=[("", "全部"), *OUTCOMES.items()]
    )

    def __init__(self, departments: dict[str, str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["department"]
        if isinstance(choice, forms.ChoiceField):
            choice.choices = [("", "全部"), *departments.items()]

    def query(self) -> TrailQuery:
        """What is asked; asks that `is_valid` was called and true."""
        words = self.cleaned_data
        last = words["last"] or clock.today()
        return TrailQuery(
            first=words["first"] or last - USUAL,
            last=last,
            person=words["person"].strip(),
            department=words["department"],
            subject=words["subject"].strip(),
            action=words["action"],
            outcome=words["outcome"],
        )
