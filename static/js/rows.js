/* A cursor through the rows of a list or the cards of a board: J, K, Enter, X. */
const rows = () => [...document.querySelectorAll("[data-row]")].filter((row) => row.checkVisibility?.() ?? true);
const off = document.body.dataset.keys === "off";
const typing = (element) => element.closest?.("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable], dialog");

function move(step) {
  const all = rows();
  if (!all.length) return;
  const at = all.findIndex((row) => row.classList.contains("is-cursor"));
  all[at]?.classList.remove("is-cursor");
  const row = all[Math.max(0, Math.min(all.length - 1, at + step))];
  row.classList.add("is-cursor");
  row.scrollIntoView({ block: "nearest" });
  // Focus follows, so that the cursor is also where a screen reader and Enter are.
  row.querySelector("[data-row-link], a")?.focus({ preventScroll: true });
}

document.addEventListener("keydown", (event) => {
  if (off || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (typing(event.target) || document.querySelector("dialog[open]")) return;
  const row = document.querySelector("[data-row].is-cursor");
  if (event.key === "j") move(1);
  else if (event.key === "k") move(-1);
  else if (event.key === "x" && row) row.querySelector("[data-bulk-item]")?.click();
  else if (event.key === "Enter" && row && event.target === document.body) row.querySelector("[data-row-link], a")?.click();
  else return;
  event.preventDefault();
});
