// The service worker, which keeps what was opened for when there is no line.
export function keepOfflinePage() {
  const address = document.documentElement.dataset.worker;
  if (!address || !("serviceWorker" in navigator)) return;
  addEventListener("load", () => navigator.serviceWorker.register(address, { scope: "/" }).catch(() => {}));
}
