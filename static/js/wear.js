// Fetches a style sheet when a viewer is asked for, and waits for it. A style that does not come does not keep the viewer away.
export function wear(address) {
  if (!address || document.querySelector(`link[href="${address}"]`)) return Promise.resolve();
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = address;
  return new Promise((resolve) => {
    link.onload = link.onerror = () => resolve();
    document.head.append(link);
  });
}
