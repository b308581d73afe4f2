/* data-zz-scan="address of the decoder" on the form of a verifier: a scanner types and sends Enter
   by itself; this adds the camera. The browser's own reader is used where there is one, else
   jsQR, asked for only then. What is read is put into the field and sent. */

const EVERY = 150;
const SIDE = 720;

export function start(form) {
  const field = form.querySelector("[data-zz-scan-into]");
  const on = form.querySelector("[data-zz-camera-on]");
  const box = form.querySelector(".zz-camera");
  if (!field || !on || !box) return;
  field.focus();
  // a scanner may have begun to type: what is there already is not to be typed over
  if (field.value === field.defaultValue) field.select();
  if (!navigator.mediaDevices?.getUserMedia) return;
  on.hidden = false;
  const video = box.querySelector("video");
  const words = box.querySelector("p");
  const before = words.textContent;
  let stream = null;
  let turn = 0;

  const off = () => {
    turn += 1;
    stream?.getTracks().forEach((track) => track.stop());
    stream = null;
    video.srcObject = null;
    box.hidden = true;
    on.hidden = false;
  };
  const read = (text) => {
    field.value = text;
    off();
    navigator.vibrate?.(80);
    form.requestSubmit();
  };
  on.addEventListener("click", async () => {
    const mine = (turn += 1);
    box.hidden = false;
    on.hidden = true;
    words.textContent = before;
    try {
      const eye = await decoder(form.dataset.zzScan);
      const found = await navigator.mediaDevices.getUserMedia({
        audio: false, video: { facingMode: { ideal: "environment" }, width: { ideal: 1280 } },
      });
      if (mine !== turn) { found.getTracks().forEach((track) => track.stop()); return; }
      stream = found;
      video.srcObject = stream;
      await video.play();
      look(video, eye, () => mine === turn, read);
    } catch (error) {
      if (mine !== turn) return;
      off();
      box.hidden = false;
      words.textContent = said(error);
    }
  });
  box.querySelector("[data-zz-camera-off]").addEventListener("click", () => { off(); field.focus(); });
  window.addEventListener("pagehide", off);
  document.addEventListener("visibilitychange", () => { if (document.hidden) off(); });
}

/* Looks at a few pictures a second until something is read or the camera is put away. */
async function look(video, eye, going, read) {
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d", { willReadFrequently: true });
  while (going()) {
    if (video.videoWidth) {
      const scale = Math.min(1, SIDE / Math.max(video.videoWidth, video.videoHeight));
      canvas.width = Math.round(video.videoWidth * scale);
      canvas.height = Math.round(video.videoHeight * scale);
      context.drawImage(video, 0, 0, canvas.width, canvas.height);
      const text = await eye(canvas, context);
      if (text && going()) { read(text); return; }
    }
    await new Promise((next) => setTimeout(next, EVERY));
  }
}

/* What reads a picture: gives the text of its code, or nothing. */
async function decoder(address) {
  if ("BarcodeDetector" in window) {
    const known = await window.BarcodeDetector.getSupportedFormats().catch(() => []);
    if (known.includes("qr_code")) {
      const detector = new window.BarcodeDetector({ formats: ["qr_code"] });
      return async (canvas) => (await detector.detect(canvas).catch(() => []))[0]?.rawValue;
    }
  }
  if (!window.jsQR) await load(address);
  return (canvas, context) => {
    const { data, width, height } = context.getImageData(0, 0, canvas.width, canvas.height);
    return window.jsQR(data, width, height, { inversionAttempts: "dontInvert" })?.data;
  };
}

function load(address) {
  return new Promise((done, failed) => {
    const script = document.createElement("script");
    script.src = address;
    script.addEventListener("load", done);
    script.addEventListener("error", () => failed(new Error("decoder")));
    document.head.append(script);
  });
}

function said(error) {
  if (error.name === "NotAllowedError") return "没有摄像头权限。请在浏览器里允许，或者输入 8 位数字、传一张照片。";
  if (error.name === "NotFoundError") return "没有找到摄像头。请用扫码枪，输入 8 位数字，或者传一张照片。";
  return "摄像头现在打不开。请输入 8 位数字，或者传一张照片。";
}
