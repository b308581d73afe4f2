/* data-zz-filter on a GET form: choosing from a list sends it at once; typing waits for the button. */

export function start(form) {
  form.addEventListener("change", (event) => {
    if (event.target instanceof HTMLSelectElement) form.requestSubmit();
  });
}
