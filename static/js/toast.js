/* Short words about what just happened: from the server (Django messages, HX-Trigger "toast") and
   for answers that never came. They stand above open dialogs. */
const region = document.getElementById("toasts");
const STAY = 6000;
const STAY_IF_BAD = 12000;

function raise() {
  // A popover shown last lies above every dialog that was opened before.
  if (!region.showPopover) return;
  if (region.matches(":popover-open")) region.hidePopover();
  region.showPopover();
}

function dismissLater(toast) {
  const bad = toast.matches(".toast--error, .toast--warning");
  let timer = setTimeout(remove, bad ? STAY_IF_BAD : STAY);
  function remove() {
    toast.remove();
    if (!region.querySelector("[data-toast]") && region.matches(":popover-open")) region.hidePopover();
  }
  for (const stop of ["pointerenter", "focusin"]) toast.addEventListener(stop, () => clearTimeout(timer));
  for (const start of ["pointerleave", "focusout"]) toast.addEventListener(start, () => { clearTimeout(timer); timer = setTimeout(remove, STAY); });
  toast.querySelector("[data-toast-close]")?.addEventListener("click", remove);
}

export function toast(text, kind = "ok") {
  const made = region.querySelector("[data-toast-template]").content.firstElementChild.cloneNode(true);
  made.classList.add(`toast--${kind}`);
  made.querySelector("span").textContent = text;
  raise();
  region.append(made);
  dismissLater(made);
}

if (region) {
  const waiting = region.querySelectorAll("[data-toast]");
  if (waiting.length) raise();
  waiting.forEach(dismissLater);
  document.addEventListener("toast", (event) => toast(event.detail.text, event.detail.kind));
  document.addEventListener("htmx:sendError", () => toast(region.dataset.failed, "error"));
  document.addEventListener("htmx:timeout", () => toast(region.dataset.failed, "error"));
  document.addEventListener("htmx:responseError", (event) => {
    const { xhr } = event.detail;
    if (!xhr.getResponseHeader("HX-Trigger")?.includes("toast")) toast(region.dataset.broken, "error");
  });
}
