/* Dialogs: those in the page ([data-open="id"]) and those fetched into #dialog ([data-dialog]).
   The answer to a form in a dialog closes it by the event "dialog-close". */
const host = () => document.getElementById("dialog");
const openers = new WeakMap();

export function open(dialog) {
  if (!dialog || dialog.open) return;
  openers.set(dialog, document.activeElement);
  dialog.showModal();
}

/** Fetches `url` into the one dialog of the page; `source` may be a submitter inside a form. */
export function load(url, source) {
  const dialog = host();
  openers.set(dialog, source ?? document.activeElement);
  const form = source?.form;
  const values = form ? formValues(form, source) : undefined;
  return window.htmx.ajax("GET", url, { source: dialog, target: dialog, swap: "innerHTML", values });
}

function formValues(form, submitter) {
  const values = {};
  for (const [key, value] of new FormData(form, submitter.type === "submit" ? submitter : null)) {
    if (key !== "csrfmiddlewaretoken" && typeof value === "string") (values[key] ??= []).push(value);
  }
  return values;
}

document.addEventListener("click", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  const opener = event.target.closest("[data-open]");
  if (opener) return open(document.getElementById(opener.dataset.open));
  const link = event.target.closest("[data-dialog]");
  if (link && host()) {
    event.preventDefault();
    load(link.getAttribute("href") || link.getAttribute("formaction"), link);
    return;
  }
  const closer = event.target.closest("[data-close]");
  if (closer) closer.closest("dialog")?.close();
  else if (event.target.matches("dialog[open]") && outside(event)) event.target.dispatchEvent(askToClose(event.target));
});

const outside = (event) => {
  const box = event.target.getBoundingClientRect();
  return event.clientX < box.left || event.clientX > box.right || event.clientY < box.top || event.clientY > box.bottom;
};

function askToClose(dialog) {
  // As if Escape were pressed: guard.js may refuse, else it closes.
  const cancel = new Event("cancel", { cancelable: true });
  queueMicrotask(() => cancel.defaultPrevented || dialog.close());
  return cancel;
}

document.addEventListener("htmx:afterSwap", (event) => {
  const dialog = host();
  if (event.detail.target !== dialog) return;
  if (!dialog.firstElementChild) return dialog.close();
  if (!dialog.open) dialog.showModal();
  (dialog.querySelector("[aria-invalid=true], [autofocus]") ?? dialog.querySelector("input:not([type=hidden]):not(:checked), textarea, select"))?.focus();
});

document.addEventListener("dialog-close", () => host()?.close());

document.addEventListener("close", (event) => {
  if (!event.target.matches("dialog")) return;
  // What it did is not in the page below yet: <div data-stale>.
  if (event.target.querySelector("[data-stale]")) location.reload();
  if (event.target.hasAttribute("data-host")) event.target.replaceChildren();
  const opener = openers.get(event.target);
  if (opener?.isConnected) opener.focus({ preventScroll: true });
}, true);
