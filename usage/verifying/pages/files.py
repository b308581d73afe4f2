"""Anybody uploads files and gets the verdict; nothing of a file is kept (M.19, S.10)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from seals.documents.findings import SignatureFinding, SignatureKind
from seals.documents.questions import Verdict
from usage.verifying.advice import Advice, advice_on, counted, given
from usage.verifying.codes import Understood
from usage.verifying.file_verdicts import FileVerdict, verify_file
from usage.verifying.pages.forms import MOST_TOGETHER, FilesForm
from usage.verifying.presenter import VOICES, Ask, Band, asks_of, counted_verdicts
from usage.verifying.rate_limits import FILES, TooOften, refuse_if_spent, spend
from usage.verifying.register_status import PublicSummary
from usage.verifying.visitors import visitor
from zezhou_portal.kernel import clock
from zezhou_portal.pagekit.views import WRAPPING, PortalView

_WORST_FIRST = (Verdict.FAILED, Verdict.INDETERMINATE, Verdict.PASSED)
_LONGEST = 120
# A file of many seals shows those that tell most, so that the page stays small (ours).
_MOST_BLOCKS = 8
# What a file says of itself (GB/T 36903), shown as nobody's word but its own; never a holder.
_OWN_WORDS = (("ZZMC", "证照"), ("ZZBH", "编号"), ("ZZBFJG", "制发单位"), ("ZZBS", "证照标识"))


# Exempt here and protected in `dispatch`, because looking for the token reads the whole upload,
# and what is too much must be refused before that.
@method_decorator(csrf_exempt, name="dispatch")
class FilePage(PortalView):
    """The form, and the verdict on what was uploaded."""

    public: ClassVar[str] = "because whoever is shown a licence may check it (M.19)"
    template_name = "usage/verifying/file.html"
    most_body = MOST_TOGETHER + WRAPPING
    too_much = f"一次不能超过 {MOST_TOGETHER // 1024 // 1024} MB。请分几次查。"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "POST":
            self.setup(request, *args, **kwargs)
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
        results = [sheet_of_file(one) for one in verdicts]
        context = {"results": results, "band": band_over(verdicts, results), "at": clock.now()}
        return self.render(context, template="usage/verifying/file_result.html")

    def _refused(self, sentence: str, status: int) -> HttpResponse:
        return self.render({"form": FilesForm(), "refusal": sentence}, status=status)


@dataclass(frozen=True)
class SignatureBlock:
    """One signature: who, with which seal, when, and its answers."""

    title: str
    seal: str
    signer: str
    signed_at: datetime | None
    counts: str
    asks: list[Ask]


@dataclass(frozen=True)
class FileSheet:
    """Everything the page says of one file."""

    name: str
    size: int
    digest: str
    band: Band
    advice: Advice
    licence: PublicSummary | None
    own_words: list[tuple[str, str]]
    signatures: list[SignatureBlock]
    signatures_in_all: int
    asks: list[Ask]
    counts: str
    codes: list[Understood]


def sheet_of_file(verdict: FileVerdict) -> FileSheet:
    """One file's verdict in words."""
    finding = verdict.finding
    advice = advice_on(finding)
    own = [
        (words, finding.custom_data[key][:_LONGEST])
        for key, words in _OWN_WORDS
        if finding.custom_data.get(key)
    ]
    return FileSheet(
        name=verdict.file_name[:_LONGEST],
        size=verdict.size,
        digest=verdict.digest,
        band=Band(VOICES[verdict.verdict], verdict.verdict.word, advice.sentence),
        advice=advice,
        licence=verdict.licence,
        own_words=[] if verdict.licence else own,
        signatures=[_block(one, place) for place, one in finding.telling_signatures(_MOST_BLOCKS)],
        signatures_in_all=len(finding.signatures),
        asks=asks_of(finding.answers),
        counts=counted(given(finding)),
        codes=list(verdict.codes),
    )


def band_over(verdicts: Sequence[FileVerdict], results: Sequence[FileSheet]) -> Band:
    """The band of the one file, else of all of them: the worst verdict, and the counts."""
    if len(results) == 1:
        return results[0].band
    found = [one.verdict for one in verdicts]
    worst = next(one for one in _WORST_FIRST if one in found)
    counts = counted_verdicts(found, "个")
    return Band(VOICES[worst], worst.word, f"一共 {len(found)} 个文件：{counts}。")


def _block(one: SignatureFinding, place: int) -> SignatureBlock:
    is_seal = one.kind is SignatureKind.SEAL
    return SignatureBlock(
        title=f"第 {place} 个{'印章' if is_seal else '签名'}",
        seal=one.seal.name[:_LONGEST] if one.seal else "",
        signer=one.signer[:_LONGEST],
        signed_at=one.signed_at,
        counts=counted(one.answers),
        asks=asks_of(one.answers),
    )
