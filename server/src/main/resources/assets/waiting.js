// A page that waits for another device looks from time to time whether it has answered, and then goes on by itself.

const form = document.querySelector('[data-waiting]');
const {waiting, every, here} = form.dataset;

const look = async () => {
  try {
    const answer = await fetch(here, {headers: {accept: 'text/html'}});
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const now = page.querySelector('[data-waiting]')?.dataset.waiting;
    if (now === 'answered') {
      form.requestSubmit(form.querySelector('button.primary'));
      return;
    }
    if (now !== waiting) {
      location.replace(here);
      return;
    }
  } catch {
    // Without a network there is nothing new.
  }
  setTimeout(look, every * 1000);
};

if (waiting === 'answered') {
  form.requestSubmit(form.querySelector('button.primary'));
} else if (waiting !== 'over') {
  setTimeout(look, every * 1000);
}
