/* A question before what cannot be taken back: hx-confirm on htmx elements, data-confirm on plain
   buttons and forms. data-confirm-label names the answer ("Withdraw"). */
import { open } from "./dialog.js";

const dialog = document.getElementById("confirm");

export function ask(question, label, danger = false, stay = "") {
  const yes = dialog.querySelector("[data-confirm-yes]");
  dialog.querySelector("p").textContent = question;
  const no = dialog.querySelector("[data-close]");
  yes.textContent = label || yes.dataset.label;
  no.textContent = stay || no.dataset.label;
  yes.classList.toggle("btn--danger", danger);
  yes.classList.toggle("btn--primary", !danger);
  return new Promise((answer) => {
    let agreed = false;
    const agree = () => { agreed = true; dialog.close(); };
    yes.addEventListener("click", agree);
    dialog.addEventListener("close", () => {
      yes.removeEventListener("click", agree);
      answer(agreed);
    }, { once: true });
    open(dialog);
  });
}

if (dialog) {
  document.addEventListener("htmx:confirm", async (event) => {
    const { question, elt, issueRequest } = event.detail;
    if (!question) return;
    event.preventDefault();
    if (await ask(question, elt.dataset.confirmLabel, elt.dataset.confirmDanger !== undefined)) issueRequest(true);
  });
  document.addEventListener("submit", async (event) => {
    const asker = event.submitter?.closest("[data-confirm]") ?? event.target.closest("[data-confirm]");
    if (!asker || event.defaultPrevented || asker.dataset.agreed) return;
    event.preventDefault();
    if (!(await ask(asker.dataset.confirm, asker.dataset.confirmLabel, asker.dataset.confirmDanger !== undefined))) return;
    asker.dataset.agreed = "1";
    event.target.requestSubmit(event.submitter ?? undefined);
    delete asker.dataset.agreed;
  });
}
