/* data-zz-queue="key of who checks" around the form of a verifier: what cannot be asked, because
   there is no network or no answer, is kept here and asked later, one by one. Only codes and times
   are kept, and nothing of it is ever shown as valid before the portal has said so. */

const STORE = "zz-queue";
const WAIT = 10_000;
const MOST = 50;
/* A code of ours: an address, a secret, a short number, a copy's code. A licence's own number may
   hold a person's, so it is not kept. */
const CODE = /^(https?:\/\/\S{1,380}|[0-9]{4}[\s-]?[0-9]{4}|[2-9A-HJ-NP-Z]{12}|[2-9A-HJ-NP-Z]{16})$/i;

export function start(root) {
  const form = root.querySelector("form[data-zz-scan]");
  const field = form?.querySelector("[data-zz-scan-into]");
  const panel = root.querySelector(".zz-queue");
  if (!field || !panel) return;
  const who = root.dataset.zzQueue;
  const list = panel.querySelector("ol");
  const band = panel.querySelector("[data-zz-offline]");
  const answers = new Map();
  let asking = false;

  const mine = () => all().filter((one) => one.who === who);
  const draw = () => {
    const waiting = mine();
    const rows = [...waiting.map((one) => [one, null]), ...answers.values()];
    panel.hidden = !rows.length;
    band.hidden = !waiting.length;
    list.replaceChildren(...rows.map(([one, told]) => line(panel, one, told)));
  };
  const keep = (text) => {
    if (!CODE.test(text)) { say(form, "没有网络，没有查。这不是码，没有记下；联网后再输入一次。"); return; }
    const kept = all();
    if (!kept.some((one) => one.who === who && one.text === text)) {
      kept.push({ who, text, at: new Date().toISOString() });
    }
    save(kept.slice(-MOST));
    field.value = "";
    field.focus();
    draw();
  };
  const ask = async (text, purpose) => {
    const body = new FormData(form);
    body.set("text", text);
    body.set("purpose", purpose);
    const answer = await fetch(form.action, {
      method: "POST", body, headers: { Accept: "application/json" }, signal: AbortSignal.timeout(WAIT),
    });
    if (!(answer.headers.get("Content-Type") ?? "").startsWith("application/json")) return { status: answer.status };
    return { status: answer.status, told: await answer.json() };
  };

  form.addEventListener("submit", async (event) => {
    const text = field.value.trim();
    if (!text) return;
    event.preventDefault();
    if (asking) return;
    say(form, "");
    if (!navigator.onLine) { keep(text); return; }
    asking = true;
    form.setAttribute("aria-busy", "true");
    try {
      const { status, told } = await ask(text, form.elements.purpose.value);
      if (status === 200 && told?.address) location.assign(told.address);
      else if (told?.reason) say(form, told.reason);
      else if (status >= 500) keep(text);
      else form.submit();
    } catch {
      keep(text);
    } finally {
      asking = false;
      form.removeAttribute("aria-busy");
    }
  });

  const send = async () => {
    if (asking || !navigator.onLine) return;
    asking = true;
    try {
      for (const one of mine()) {
        const { status, told } = await ask(one.text, "");
        if (status === 200 && told?.address) {
          save(all().filter((other) => !(other.who === who && other.text === one.text)));
          answers.set(`${one.at}${one.text}`, [one, told]);
          draw();
        } else if (status < 500) {
          say(form, told?.reason ?? "请重新登录，再问记下的码。它们还在。");
          break;
        } else break;
      }
    } catch { /* still no network: what is kept stays kept */ } finally {
      asking = false;
    }
  };

  window.addEventListener("online", send);
  panel.querySelector("[data-zz-queue-send]").addEventListener("click", send);
  panel.querySelector("[data-zz-queue-clear]").addEventListener("click", () => { answers.clear(); draw(); });
  draw();
  send();
}

function line(panel, one, told) {
  const row = panel.querySelector("template").content.cloneNode(true);
  const voice = { passed: "yes", failed: "no" }[told?.verdict] ?? "unknown";
  for (const icon of row.querySelectorAll("[data-voice]")) icon.hidden = icon.dataset.voice !== voice;
  if (told) {
    row.querySelector("[data-zz-word]").textContent = told.word ?? "还要再填";
    row.querySelector("[data-zz-words]").textContent = [told.code, told.words].filter(Boolean).join(" ");
    const link = row.querySelector("a");
    link.href = told.address;
    link.hidden = false;
  }
  const time = row.querySelector("time");
  time.dateTime = one.at;
  time.textContent = new Date(one.at).toLocaleTimeString("zh-CN", { hour12: false });
  row.querySelector(".zz-code").textContent = `…${one.text.replace(/\s/g, "").slice(-4)}`;
  return row;
}

/* A sentence above the form, read aloud to who cannot see it. */
function say(form, sentence) {
  let box = form.querySelector("[data-zz-said]");
  if (!box) {
    box = document.createElement("p");
    box.dataset.zzSaid = "";
    box.className = "zz-said";
    box.setAttribute("role", "alert");
    form.querySelector(".zz-sheet-pad").prepend(box);
  }
  box.textContent = sentence;
  box.hidden = !sentence;
}

function all() {
  try {
    const kept = JSON.parse(localStorage.getItem(STORE) ?? "[]");
    return Array.isArray(kept) ? kept.filter((one) => one && one.who && one.text && one.at) : [];
  } catch { return []; }
}

function save(kept) {
  try { localStorage.setItem(STORE, JSON.stringify(kept)); } catch { /* a browser that keeps nothing */ }
}
