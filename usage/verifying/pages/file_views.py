"""Anybody uploads files and gets the verdict; nothing of a file is kept (M.19, S.10)."""

from typing import Any, ClassVar

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from usage.verifying.file_verdicts import verify_file
from usage.verifying.pages.file_presenter import band_of, result_of
from usage.verifying.pages.forms import MOST_TOGETHER, FilesForm
from usage.verifying.pages.visitors import visitor
from usage.verifying.rate_limits import FILES, TooOften, refuse_if_spent, spend
from zezhou_portal.kernel import clock
from zezhou_portal.pagekit.views import PortalView

# What a multipart body adds to its files: boundaries, headings, the token.
_WRAPPING = 64 * 1024


# Exempt here and protected in `dispatch`, because looking for the token reads the whole upload,
# and what is too large or too much must be refused before that.
@method_decorator(csrf_exempt, name="dispatch")
class FileCheckPage(PortalView):
    """The form, and the verdict on what was uploaded."""

    public: ClassVar[str] = "because whoever is shown a licence may check it (M.19)"
    template_name = "usage/verifying/file.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "POST":
            self.setup(request, *args, **kwargs)
            if _length(request) > MOST_TOGETHER + _WRAPPING:
                return self._refused(
                    f"一次不能超过 {MOST_TOGETHER // 1024 // 1024} MB。请分几次查。", 413
                )
            try:
                refuse_if_spent(FILES, visitor(request, self.actor))
            except TooOften as refusal:
                return self._refused(refusal.reason, refusal.status)
        protected = csrf_protect(super().dispatch)
        answer: HttpResponseBase = protected(request, *args, **kwargs)
        return answer

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # noqa: ARG002
        return self.render({"form": FilesForm()})

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # noqa: ARG002
        form = FilesForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.render({"form": form}, status=422)
        uploads: list[UploadedFile[bytes]] = form.cleaned_data["file"]
        try:
            spend(FILES, visitor(request, self.actor), len(uploads))
        except TooOften as refusal:
            return self._refused(refusal.reason, refusal.status)
        verdicts = [
            verify_file(upload.read(), file_name=upload.name or "", actor=self.actor)
            for upload in uploads
        ]
        results = [result_of(one) for one in verdicts]
        context = {"results": results, "band": band_of(verdicts, results), "at": clock.now()}
        return self.render(context, template="usage/verifying/file_result.html")

    def _refused(self, sentence: str, status: int) -> HttpResponse:
        return self.render({"form": FilesForm(), "refusal": sentence}, status=status)


def _length(request: HttpRequest) -> int:
    """What the request says its body measures; a body without a length has none to us."""
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0
