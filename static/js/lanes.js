/* The board on a phone shows one lane at a time: [data-lanepick="<id of the board>"] button[data-lane]. */
const shown = new Map();

function show(picker, lane) {
  const board = document.getElementById(picker.dataset.lanepick);
  if (!board) return;
  board.dataset.show = lane;
  for (const button of picker.querySelectorAll("button[data-lane]")) button.setAttribute("aria-pressed", button.dataset.lane === lane);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-lanepick] button[data-lane]");
  if (!button) return;
  const picker = button.closest("[data-lanepick]");
  shown.set(picker.dataset.lanepick, button.dataset.lane);
  show(picker, button.dataset.lane);
});
// The board may have been swapped for a newer one: the lane chosen stays.
document.addEventListener("htmx:afterSettle", () => {
  for (const picker of document.querySelectorAll("[data-lanepick]")) {
    const lane = shown.get(picker.dataset.lanepick);
    if (lane) show(picker, lane);
  }
});
