// Security keys: turns the options of the page into what the browser takes, and the key's answer into what the form sends.
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

const named = (list) => list?.map((one) => ({ ...one, id: bytes(one.id) }));

function readable(options) {
  const ready = { ...options, challenge: bytes(options.challenge) };
  if (options.user) ready.user = { ...options.user, id: bytes(options.user.id) };
  if (options.excludeCredentials) ready.excludeCredentials = named(options.excludeCredentials);
  if (options.allowCredentials) ready.allowCredentials = named(options.allowCredentials);
  return ready;
}

function sendable(credential) {
  const response = {};
  for (const part of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[part]) response[part] = text(credential.response[part]);
  }
  return JSON.stringify({
    id: credential.id, rawId: text(credential.rawId), type: credential.type, response, clientExtensionResults: {},
  });
}

function dressKeyForm(form) {
  const trouble = form.querySelector("[data-trouble]");
  const say = (words) => { trouble.textContent = words; trouble.hidden = false; };
  form.hidden = !window.PublicKeyCredential;
  if (!window.PublicKeyCredential) {
    if (form.dataset.impossible) { form.hidden = false; say(form.dataset.impossible); }
    return;
  }
  form.addEventListener("submit", async (event) => {
    const answer = form.elements.namedItem("answer");
    if (answer.value) return;
    event.preventDefault();
    trouble.hidden = true;
    const { publicKey } = JSON.parse(form.dataset.options);
    try {
      answer.value = sendable(await navigator.credentials[form.dataset.securityKey]({ publicKey: readable(publicKey) }));
      form.submit();
    } catch (error) {
      // Browsers know no keys of sites that are reached by a number.
      say((error.name === "SecurityError" && form.dataset.impossible) || form.dataset.failed);
    }
  });
}

export function dressSecurityKeys(page) {
  for (const form of page.querySelectorAll("[data-security-key]")) dressKeyForm(form);
  for (const button of page.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
}
