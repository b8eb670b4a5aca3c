// One page for the moment when there is no line. Nothing of the archive is kept on the device.
export function keepOfflinePage() {
  const address = document.documentElement.dataset.worker;
  if (!address || !("serviceWorker" in navigator)) return;
  addEventListener("load", () => navigator.serviceWorker.register(address, { scope: "/" }).catch(() => {}));
}
