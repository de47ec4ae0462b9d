/* Small helps for fields: show a password, copy a text, send a filter form when it changes,
   choose a day by a chip. */
import { toast } from "./toast.js";
import { say } from "./words.js";

document.addEventListener("click", async (event) => {
  const show = event.target.closest("[data-show-password]");
  if (show) {
    const input = document.getElementById(show.getAttribute("aria-controls"));
    const hidden = input.type === "password";
    input.type = hidden ? "text" : "password";
    show.setAttribute("aria-pressed", hidden);
    show.textContent = hidden ? show.dataset.hide : show.dataset.show;
    return;
  }
  const copy = event.target.closest("[data-copy]");
  if (copy) {
    await navigator.clipboard.writeText(copy.dataset.copy);
    toast(say("copied"));
    return;
  }
  const chip = event.target.closest("[data-fill]");
  if (chip) fill(chip);
});

/* <button type="button" class="chip" data-fill="id_revisit_on" data-value="2027-04-06">. */
function fill(chip) {
  const input = document.getElementById(chip.dataset.fill);
  if (!input) return;
  input.value = chip.dataset.value;
  input.dispatchEvent(new Event("input", { bubbles: true }));
  input.dispatchEvent(new Event("change", { bubbles: true }));
  for (const other of document.querySelectorAll(`[data-fill="${CSS.escape(chip.dataset.fill)}"]`)) {
    other.setAttribute("aria-pressed", other === chip);
  }
}

document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-autosubmit]");
  if (form && !event.target.closest("[data-no-submit]")) form.requestSubmit();
});

document.addEventListener("submit", (event) => {
  // A GET form sends no empty fields: addresses of filtered lists stay short and worth sharing.
  if (event.target.method !== "get" || !event.target.hasAttribute("data-lean")) return;
  for (const input of event.target.elements) if (input.name && input.value === "" && !input.disabled) {
    input.disabled = true;
    setTimeout(() => { input.disabled = false; });
  }
});

for (const box of document.querySelectorAll("[data-indeterminate]")) box.indeterminate = true;
