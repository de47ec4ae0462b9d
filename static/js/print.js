/* <button data-print>: the page as paper or PDF. */
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});
