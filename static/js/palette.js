/* "/" opens it: leads as they are found by the server, and the places of the app. */
import { open } from "./dialog.js";

const dialog = document.getElementById("palette");
const input = dialog?.querySelector("input");
const found = document.getElementById("palette-found");
const places = dialog?.querySelector("[data-palette-places]");

const options = () => [...dialog.querySelectorAll("[role=option]")].filter((option) => !option.closest("[hidden]"));

function choose(option) {
  for (const other of dialog.querySelectorAll("[aria-selected]")) other.removeAttribute("aria-selected");
  if (!option) return input.removeAttribute("aria-activedescendant");
  option.setAttribute("aria-selected", "true");
  option.id ||= `found-${options().indexOf(option)}`;
  input.setAttribute("aria-activedescendant", option.id);
  option.scrollIntoView({ block: "nearest" });
}

function filterPlaces() {
  const wanted = input.value.trim().toLowerCase();
  if (!wanted) found.replaceChildren();
  for (const place of places.querySelectorAll("[role=option]")) {
    place.hidden = Boolean(wanted) && !place.textContent.toLowerCase().includes(wanted);
  }
  places.hidden = options().every((option) => !places.contains(option));
  choose(options()[0]);
}

if (dialog) {
  document.addEventListener("keydown", (event) => {
    const jump = (event.key === "k" && (event.ctrlKey || event.metaKey)) ||
      (event.key === "/" && document.body.dataset.keys !== "off" && !event.ctrlKey && !event.metaKey && !event.altKey &&
        !event.target.closest?.("input, textarea, select") && !document.querySelector("dialog[open]"));
    if (!jump) return;
    event.preventDefault();
    open(dialog);
  });
  input.addEventListener("input", filterPlaces);
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const all = options();
    const at = all.findIndex((option) => option.getAttribute("aria-selected") === "true");
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) choose(all[(at + step + all.length) % all.length]);
    else if (event.key === "Enter") (all[at] ?? all[0])?.click();
    // The browser would use Escape to empty a search field first.
    else if (event.key === "Escape") dialog.close();
    else return;
    event.preventDefault();
  });
  dialog.addEventListener("htmx:afterSwap", () => { if (!input.value.trim()) found.replaceChildren(); choose(options()[0]); });
  dialog.addEventListener("close", () => { input.value = ""; filterPlaces(); });
  dialog.addEventListener("toggle", filterPlaces);
}
