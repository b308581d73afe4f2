"""Capture: the form of an application, its files, submission, withdrawal, erasure (M.3, M.7)."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse

from licences import values
from licences.applications import capturing, materials, reading, receiving
from licences.applications import selectors as applications
from licences.applications.completeness import faults_of
from licences.applications.materials import states_of
from licences.applications.pages.addresses import application_or_404
from licences.applications.pages.application_views import CAPTURABLE
from licences.applications.pages.forms.acts import ReasonForm, SureForm
from licences.applications.pages.forms.capture import CaptureForm, typed_of
from licences.applications.pages.forms.materials import stated_of
from licences.applications.reading import READERS
from licences.applications.unmasking import hidden_from
from licences.models import Application, Attachment
from licences.register.pages.addresses import licence_address
from licences.register.selectors import possible_duplicates
from licences.terms import usual_term_in_words
from licences.typed import plain
from zezhou_portal.kernel import clock
from zezhou_portal.kernel.actors import Actor
from zezhou_portal.kernel.names import normalise_name
from zezhou_portal.pagekit.responses import not_found, shown_file
from zezhou_portal.pagekit.views import WRAPPING, ConfirmPage, PortalView
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.parties.holders.renaming import NameChange, name_change
from zezhou_portal.parties.models import Holder
from zezhou_portal.regulation.actions import Action
from zezhou_portal.regulation.errors import Fault, FaultKind, RuleBroken
from zezhou_portal.regulation.limits import ATTACHMENT_BYTES

OVERWRITES = "别人存的写在各项下面。核对后再存一次，就以您填的为准。"


class CapturePage(PortalView):
    """The form; every button saves what was typed first."""

    capability = Capability.CAPTURE_VALUES
    action = Action.VALUES_CAPTURED
    template_name = "licences/capture.html"
    # three attachments at once (ours)
    most_body = 3 * ATTACHMENT_BYTES + WRAPPING
    too_much = f"一次送来的附件不能超过 {3 * ATTACHMENT_BYTES // 1024 // 1024} MB。请一个一个上传。"

    def get(self, request: HttpRequest, key: UUID) -> HttpResponse:
        application = application_or_404(self.actor, key)
        if application.state not in CAPTURABLE:
            messages.info(request, f"这一件现在是“{application.get_state_display()}”，不能再采集。")
            return redirect("licences:application", key=application.uuid)
        faults = faults_of(application)
        is_back = application.state == "RETURNED"
        shown = [fault for fault in faults if is_back or not fault.is_missing]
        return self._show(application, self._form(application), faults, shown)

    def post(self, request: HttpRequest, key: UUID) -> HttpResponse:
        """POST `act`: save, submit, withdraw, upload, remove:<uuid>; and `touched` (M.3)."""
        application = application_or_404(self.actor, key)
        if request.POST.get("touched") == "yes":
            return redirect("licences:declare-secret", key=application.uuid)
        try:
            self._save(application)
        except RuleBroken as refusal:
            return self._conflict(application, refusal)
        act, _, which = request.POST.get("act", "save").partition(":")
        wrong = [*self._state_materials(application), *self._take_files(application)]
        if act == "remove":
            self._remove(application, which)
        application = application_or_404(self.actor, key)
        if wrong:
            return self._show(
                application, self._form(application), faults_of(application), wrong, status=422
            )
        if act == "submit":
            return self._submit(application)
        if act == "withdraw":
            return redirect("licences:withdraw-application", key=application.uuid)
        messages.success(request, "草稿已存")
        return redirect("licences:capture", key=application.uuid)

    def _save(self, application: Application) -> Application:
        hidden = hidden_from(self.actor, application)
        typed = typed_of(application, self.request.POST, hidden=hidden)
        return capturing.capture(
            actor=self.actor,
            application=application,
            revision=_number(self.request.POST.get("revision", "")),
            typed=typed.items,
            licence_number=typed.licence_number,
            valid_from=typed.valid_from,
            valid_until=typed.valid_until,
            is_long_term=typed.is_long_term,
            drafted=typed.drafted,
            term_reason=typed.term_reason,
            paper_issued_on=typed.paper_issued_on,
        )

    def _submit(self, application: Application) -> HttpResponse:
        try:
            receiving.submit(
                actor=self.actor, application=application, revision=application.revision
            )
        except RuleBroken as refusal:
            faults = faults_of(application) or [_of_all(refusal.reason)]
            return self._show(
                application, self._form(application), faults_of(application), faults, status=422,
                title=refusal.reason.rstrip("。"),
            )  # fmt: skip
        messages.success(
            self.request, f"{application.number} 已提交审核\n由另一位同事审核，结果会告诉您。"
        )
        return redirect("licences:application", key=application.uuid)

    def _conflict(self, application: Application, refusal: RuleBroken) -> HttpResponse:
        """Nothing was saved: the page keeps what was typed and shows what stands there now."""
        application = application_or_404(self.actor, application.uuid)
        if application.state not in CAPTURABLE:
            raise refusal
        form = self._form(application, self.request.POST)
        form.show_stored()
        wrong = [_of_all(refusal.reason), _of_all(OVERWRITES)]
        return self._show(
            application, form, faults_of(application), wrong, status=422, title="还没有保存"
        )  # fmt: skip

    def _state_materials(self, application: Application) -> list[Fault]:
        """Writes down what stands in the place of materials, where that was changed."""
        stated = stated_of(states_of(application), self.request.POST)
        if not stated:
            return []
        try:
            materials.note_materials(actor=self.actor, application=application, in_place=stated)
        except RuleBroken as refusal:
            if not refusal.fields:
                raise
            return [
                Fault(field, FaultKind.CONTRADICTS, sentence)
                for field, sentence in refusal.fields.items()
            ]
        return []

    def _take_files(self, application: Application) -> list[Fault]:
        """Keeps the files that came along; gives what is wrong with the others."""
        wrong: list[Fault] = []
        title = plain(self.request.POST.get("attachment_title", ""))
        for name, file in self.request.FILES.items():
            if not isinstance(file, UploadedFile):
                continue
            try:
                capturing.attach(
                    actor=self.actor,
                    application=application,
                    file_name=file.name or "文件",
                    data=file.read(ATTACHMENT_BYTES + 1),
                    **_purpose(name, title),
                )
            except RuleBroken as refusal:
                wrong.append(Fault(name, FaultKind.MALFORMED, refusal.reason.rstrip("。")))
        return wrong

    def _remove(self, application: Application, which: str) -> None:
        found = next((one for one in application.attachments.all() if str(one.uuid) == which), None)
        if found is not None:
            capturing.remove_attachment(actor=self.actor, application=application, attachment=found)

    def _form(self, application: Application, data: QueryDict | None = None) -> CaptureForm:
        """The form, with nothing in full that this clerk may not see yet (M.26)."""
        return CaptureForm(application, data, hidden=hidden_from(self.actor, application))

    def _show(
        self,
        application: Application,
        form: CaptureForm,
        faults: list[Fault],
        shown: list[Fault],
        *,
        status: int = 200,
        title: str = "",
    ) -> HttpResponse:
        form.say(shown)
        review = (
            applications.reviews_of(application).first()
            if application.state == "RETURNED"
            else None
        )
        if review is not None:
            form.mark_requested(review.fields)
        holders = application.holders
        attachments = list(application.attachments.order_by("attached_at", "pk"))
        duplicates = possible_duplicates(
            application.entry.type_code, [one.pk for one in holders]
        ).filter(issuing_department_id=application.issuing_department_id)[:3]
        sources = sorted(
            {str(cell["source"]) for cell in application.values.values() if cell["source"]}
            - {"手工录入"}
        )
        context = {
            "application": application,
            "form": form,
            "title": title or (f"改好这 {len(shown)} 处就能提交" if shown else ""),
            "sections": form.sections(faults),
            "review": review,
            "holders": holders,
            "renamed": _renamed(self.actor, application, holders),
            "clock": applications.clock_of(application),
            "photos": {one.item_key: one for one in attachments if one.item_key},
            "attachments": [one for one in attachments if not (one.item_key or one.material_key)],
            "materials": form.materials(),
            "missing_materials": sum(one.is_missing for one in form.materials()),
            "duplicates": [(row, licence_address(row)) for row in duplicates],
            "sources": sources,
            "usual_term": usual_term_in_words(application, clock.today()),
            "changed": sum("was" in cell for cell in application.values.values()),
        }
        return self.render(context, status=status)


def _renamed(
    actor: Actor, application: Application, holders: Sequence[Holder]
) -> NameChange | None:
    """The change of name to offer where what is captured of the one holder is another (M.3)."""
    captured = values.read(application.values, "holder_name")
    if len(holders) != 1 or not captured:
        return None
    (holder,) = holders
    if normalise_name(holder.name) == normalise_name(captured):
        return None
    return name_change(actor, holder.identity_type, holder.identity_number, captured)


class _ConfirmApplication(ConfirmPage):
    """Asks before an application is ended."""

    capability = Capability.CAPTURE_VALUES
    template_name = "licences/confirm.html"
    stop = True
    application: Application

    def prepare(self, **kwargs: Any) -> None:
        self.application = application_or_404(self.actor, kwargs["key"])

    def back(self) -> str:
        return reverse("licences:application", args=[self.application.uuid])

    def context(self) -> dict[str, Any]:
        return {"application": self.application}


class WithdrawPage(_ConfirmApplication):
    """Asks why, says what happens, then ends the application (M.7)."""

    action = Action.APPLICATION_WITHDRAWN
    form_class = ReasonForm
    verb = "撤回"
    references = ("M.7",)
    undo = "撤回后不能恢复；申请人再来办，要重新收件。"
    back_words = "不撤回，返回"

    def question(self) -> str:
        return f"撤回这件{self.application.entry.name}？"

    def consequences(self) -> list[str]:
        return [
            "这一件就此终结，不会生成证照。",
            "已填的内容和附件留在件里，不能再改。",
            "撤回的原因留在件里，谁撤回的记入操作记录。",
        ]

    def carry_out(self) -> HttpResponse:
        receiving.withdraw(
            actor=self.actor, application=self.application, reason=self.given["reason"]
        )
        messages.success(self.request, f"{self.application.number} 已撤回")
        return redirect(self.back())


class SecretPage(_ConfirmApplication):
    """A state secret after all: says what is erased, then erases it in the same act (M.3)."""

    action = Action.APPLICATION_ERASED
    form_class = SureForm
    verb = "清除"
    references = ("M.3",)
    undo = "清除后不能恢复。"
    back_words = "不涉及，返回"

    def question(self) -> str:
        return "这一件涉及国家秘密，清除？"

    def consequences(self) -> list[str]:
        return [
            "已填的内容、持证人和附件立即删除，只留下曾有此事的记录。",
            "刚才在表里新填的没有保存。",
            "不制发电子证照；请按保密规定另行办理。",
        ]

    def carry_out(self) -> HttpResponse:
        number = self.application.number
        sentence = receiving.declare_secret(actor=self.actor, application=self.application)
        messages.warning(self.request, f"{number} 已清除\n{sentence}")
        return redirect(self.back())


class AttachmentFile(PortalView):
    """A document of an application, shown in the browser; never run, never guessed at (M.26)."""

    capability = READERS

    def get(self, request: HttpRequest, key: UUID, file: UUID) -> HttpResponse:  # noqa: ARG002
        application = application_or_404(self.actor, key)
        rows = application.attachments.select_related("application")
        found: Attachment | None = rows.filter(uuid=file).first()
        if found is None:
            raise not_found()
        data = reading.open_attachment(actor=self.actor, attachment=found)
        response = shown_file(data, found.file_name, found.media_type)
        # a browser's own PDF viewer does not start in a sandbox; a picture needs nothing
        sandbox = "" if found.media_type == "application/pdf" else "; sandbox"
        response["Content-Security-Policy"] = (
            f"default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'{sandbox}"
        )
        return response


def _purpose(name: str, title: str) -> dict[str, str]:
    """What a file is for, by the name of its field."""
    if name == "attachment":
        return {"title": title}
    if name.startswith("material-"):
        return {"title": "", "material_key": name.removeprefix("material-")}
    return {"title": "照片", "item_key": name}


def _of_all(sentence: str) -> Fault:
    """What is wrong with the application as it stands, not with one field."""
    return Fault("", FaultKind.CONTRADICTS, sentence)


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 else 0
