"""One's own sessions: where one is signed in, ended by oneself; a factor asked again."""

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect

from zezhou_portal.pagekit.sessions import note_proved
from zezhou_portal.pagekit.views import PortalView
from zezhou_portal.parties.staff import sessions, signing_in
from zezhou_portal.parties.staff.pages.forms import ProofForm
from zezhou_portal.parties.staff.pages.sign_in import Factor, Shut, onward
from zezhou_portal.regulation.actions import Action


class ProveAgain(Factor):
    """Asks for a factor again before an act of weight, then leads back to it."""

    signed_in = "because everybody has factors of their own"
    action = Action.PROVED_AGAIN
    template_name = "parties/prove_again.html"
    form_class = ProofForm

    def context(self) -> dict[str, object]:
        source = self.request.POST if self.request.method == "POST" else self.request.GET
        return {"next": source.get("next", "")}

    def carry_out(self, form: Form) -> HttpResponse:
        try:
            signing_in.prove_again(
                actor=self.actor, account=self.account, proof=form.cleaned_data["proof"]
            )
        except signing_in.Locked as locked:
            raise Shut(locked) from locked
        note_proved(self.request)
        messages.success(self.request, "已验证是您本人\n刚才没有办成的，请再点一次。")
        return HttpResponseRedirect(onward(self.request, self.request.POST.get("next", "")))


class Sessions(PortalView):
    """Where one is signed in now."""

    signed_in = "because everybody sees their own sessions"
    template_name = "parties/sessions.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        rows = sessions.sessions_of(self.account, request.session.session_key or "")
        others = any(not one.is_this for one in rows)
        return self.render({"rows": rows, "others": others})

    def post(self, request: HttpRequest) -> HttpResponse:
        """POST `session`: the key of one, or nothing for all but this."""
        key = request.POST.get("session", "")
        if key:
            sessions.end_session(actor=self.actor, account=self.account, key=key)
            messages.success(request, "那一处已退出\n不是您登录的，请马上修改密码。")
        else:
            this = request.session.session_key or ""
            count = sessions.end_others(actor=self.actor, account=self.account, this=this)
            messages.success(request, f"别处的 {count} 处登录都已退出")
        return redirect("parties:sessions")
