/* Choosing many rows. In <form data-bulk>: checkboxes [data-bulk-item], one [data-bulk-all], and a
   bar [data-bulk-bar] with [data-bulk-count] (data-text="{} selected") and [data-bulk-clear].
   Shift chooses a range. Rows loaded later join in; the choice outlives the swap of the list. */
const chosen = new Map();
let last = null;

const items = (form) => [...form.querySelectorAll("[data-bulk-item]")];
const of = (form) => { if (!chosen.has(form.id)) chosen.set(form.id, new Set()); return chosen.get(form.id); };

function keep(form, item) {
  of(form)[item.checked ? "add" : "delete"](item.value);
  const row = item.closest("[data-row]");
  if (row) item.checked ? row.setAttribute("aria-selected", "true") : row.removeAttribute("aria-selected");
}

function draw(form) {
  const here = items(form);
  const ids = of(form);
  const all = form.querySelector("[data-bulk-all]");
  const on = here.filter((item) => item.checked).length;
  if (all) { all.checked = on > 0 && on === here.length; all.indeterminate = on > 0 && on < here.length; }
  const bar = form.querySelector("[data-bulk-bar]");
  if (!bar) return;
  bar.hidden = ids.size === 0;
  const count = bar.querySelector("[data-bulk-count]");
  if (count) count.textContent = count.dataset.text.replace("{}", ids.size.toLocaleString());
  // What is chosen but no longer in the page still belongs to the form.
  for (const old of bar.querySelectorAll("[data-bulk-kept]")) old.remove();
  const shown = new Set(here.map((item) => item.value));
  for (const id of ids) if (!shown.has(id) && here[0]) {
    bar.append(Object.assign(document.createElement("input"), { type: "hidden", name: here[0].name, value: id }));
    bar.lastElementChild.dataset.bulkKept = "";
  }
}

document.addEventListener("click", (event) => {
  const form = event.target.closest?.("[data-bulk]");
  if (!form) return;
  const item = event.target.closest("[data-bulk-item]");
  if (item) {
    const here = items(form);
    if (event.shiftKey && last && here.includes(last)) {
      const [from, to] = [here.indexOf(last), here.indexOf(item)].sort((a, b) => a - b);
      for (const between of here.slice(from, to + 1)) { between.checked = item.checked; keep(form, between); }
    }
    last = item;
    keep(form, item);
    draw(form);
  } else if (event.target.closest("[data-bulk-all]")) {
    for (const each of items(form)) { each.checked = event.target.checked; keep(form, each); }
    draw(form);
  } else if (event.target.closest("[data-bulk-clear]")) {
    clear(form);
  }
});

function clear(form) {
  of(form).clear();
  for (const item of items(form)) { item.checked = false; keep(form, item); }
  draw(form);
}

function settle() {
  for (const form of document.querySelectorAll("[data-bulk]")) {
    const ids = of(form);
    for (const item of items(form)) { if (ids.has(item.value)) item.checked = true; if (item.checked) keep(form, item); }
    draw(form);
  }
}
document.addEventListener("htmx:afterSettle", settle);
document.addEventListener("bulk-clear", () => { for (const form of document.querySelectorAll("[data-bulk]")) clear(form); });
// The browser may bring back checked boxes when one returns by its back button.
window.addEventListener("pageshow", settle);
