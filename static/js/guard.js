/* <form data-guard>: what was typed is not lost by leaving the page or closing its dialog. */
import { ask } from "./confirm.js";
import { say } from "./words.js";

const dirty = new WeakSet();

document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (form?.hasAttribute("data-guard")) dirty.add(form);
});
document.addEventListener("submit", (event) => { dirty.delete(event.target); });
document.addEventListener("reset", (event) => { dirty.delete(event.target); });
// An answer that refuses brings the form back: what stands in it is still not saved.
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.xhr?.status !== 422) return;
  for (const form of event.target.querySelectorAll?.("form[data-guard]") ?? []) dirty.add(form);
});

const unsaved = (root) => [...root.querySelectorAll("form[data-guard]")].some((form) => dirty.has(form));

window.addEventListener("beforeunload", (event) => { if (unsaved(document)) event.preventDefault(); });
document.addEventListener("cancel", async (event) => {
  const dialog = event.target;
  if (!dialog.matches("dialog") || !unsaved(dialog)) return;
  event.preventDefault();
  if (await ask(say("unsaved"), say("leave"), false, say("keepTyping"))) {
    for (const form of dialog.querySelectorAll("form")) dirty.delete(form);
    dialog.close();
  }
}, true);
