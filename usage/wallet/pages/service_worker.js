/* Keeps static files and one page for the time without a network. Pages, pictures of licences and
   files are never kept: they are somebody's, and a phone is lent and lost. VERSION, KEPT and
   OFFLINE stand above, written by the portal. */

const NAME = `portal-${VERSION}`;

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(NAME).then((cache) => cache.addAll(KEPT)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches.keys()
      .then((names) => Promise.all(names.filter((name) => name.startsWith("portal-") && name !== NAME).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate") {
    event.respondWith(fetch(request).catch(() => caches.match(OFFLINE)));
    return;
  }
  if (KEPT.includes(url.pathname) && url.pathname !== OFFLINE) event.respondWith(fromHere(request, url.pathname));
});

/* A name with a digest in it never changes its content; any other is asked for first. */
async function fromHere(request, path) {
  const kept = await caches.match(path);
  if (kept && /\.[0-9a-f]{12}\.\w+$/.test(path)) return kept;
  return fetch(request).catch(() => kept ?? Response.error());
}
