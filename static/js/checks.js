/* <select data-checks="id">: choosing here also presses the radio button it belongs to. */
document.addEventListener("change", (event) => {
  const radio = document.getElementById(event.target.dataset?.checks ?? "");
  if (!radio || !event.target.value || radio.checked) return;
  radio.checked = true;
  radio.dispatchEvent(new Event("change", { bubbles: true }));
});
