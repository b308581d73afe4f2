/* data-zz-install="address" on the main part of a holder's page: registers the service worker that
   keeps static files and the page without a network. Without it everything works the same. */

export function start(main) {
  if (!("serviceWorker" in navigator)) return;
  navigator.serviceWorker.register(main.dataset.zzInstall).catch(() => {});
}
