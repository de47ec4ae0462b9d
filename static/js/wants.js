/* Returning a lead: a reason marks the condition one usually means with it, and fills in what it is
   about; one that asks for a day opens the day, one that asks for words wants them. What a person
   chose themselves stays. */
const SELECTS = { fact: "fact", touch: "touch" };

document.addEventListener("change", (event) => {
  const wants = event.target.form?.querySelector("[data-wants]");
  if (!wants) return;
  if (event.target.name === "wants") wants.dataset.chosen = "";
  if (event.target.name === "reason") {
    suggest(wants, event.target.dataset);
    event.target.form.elements.note.required = "worded" in event.target.dataset;
  }
});

function suggest(wants, reason) {
  for (const radio of wants.querySelectorAll("[name=wants]")) {
    const tag = radio.closest("label").querySelector(".wants__usual");
    tag.hidden = !reason.usual || radio.value !== reason.usual;
    const opens = "dated" in reason ? "date" : "";
    if (!("chosen" in wants.dataset) && radio.value === opens) radio.checked = true;
  }
  const select = wants.querySelector(`[name="${SELECTS[reason.usual]}"]`);
  if (select && !select.value) select.value = reason.thing;
}
