// What the pages do beyond plain HTML. Everything here is a convenience: without it, every page still works.

const each = (selector, enhance) => document.querySelectorAll(selector).forEach(enhance);

// Clock times on the pages are the reader's own.
const zone = location.protocol === 'https:' ? '__Host-cs_zone' : 'cs_zone';
document.cookie = `${zone}=${Intl.DateTimeFormat().resolvedOptions().timeZone}; Path=/; SameSite=Lax${zone.startsWith('_') ? '; Secure' : ''}`;

// A form is sent once, however often its button is pressed.
each('form', form => form.addEventListener('submit', event => {
  if (form.dataset.sent) {
    event.preventDefault();
  }
  form.dataset.sent = 'true';
}));
addEventListener('pageshow', () => each('form', form => delete form.dataset.sent));

// A page that answers a form is reloaded, and come back to, as a page: what was typed is not sent again.
each('form', form => {
  if (form.method === 'post' && form.action === location.href) {
    history.replaceState(history.state, '', location.href);
  }
});

// A complete code sends itself; "123 456" pasted becomes 123456.
each('[data-digits]', input => input.addEventListener('input', () => {
  const digits = input.value.normalize('NFKC').replace(/\D/g, '');
  if (digits.length === Number(input.dataset.digits)) {
    input.value = digits;
    // Where there is a box to tick as well, sending is left to the reader.
    if (!input.form.elements.trust) {
      input.form.requestSubmit();
    }
  }
}));

each('[data-reveal]', button => {
  const input = document.getElementById(button.dataset.reveal);
  const show = shown => {
    input.type = shown ? 'text' : 'password';
    button.setAttribute('aria-pressed', String(shown));
  };
  button.addEventListener('click', () => show(input.type === 'password'));
  input.form.addEventListener('submit', () => show(false));
});

each('[data-copy]', button => button.addEventListener('click', async () => {
  const label = button.querySelector('span');
  const before = label.textContent;
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
  } catch {
    return;
  }
  label.setAttribute('role', 'status');
  label.textContent = button.dataset.done;
  setTimeout(() => label.textContent = before, 2500);
}));

each('[data-download]', button => button.addEventListener('click', () => {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([button.dataset.text], {type: 'text/plain'}));
  link.download = button.dataset.download;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href));
}));

each('[data-print]', button => button.addEventListener('click', () => print()));

each('[data-countdown]', line => {
  const [seen, spoken] = line.children;
  const end = Date.now() + line.dataset.countdown * 1000;
  const tick = () => {
    const left = Math.max(0, Math.ceil((end - Date.now()) / 1000));
    const clock = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')}`;
    seen.textContent = left ? line.dataset.words.replace('*', clock) : line.dataset.ready;
    if (left) {
      setTimeout(tick, 250);
    } else {
      spoken.textContent = line.dataset.ready;
    }
  };
  tick();
});

// Length is what makes a password strong; nothing else is judged here.
each('[data-strength]', line => {
  const input = document.getElementById(line.dataset.strength);
  const minimum = Number(line.dataset.minimum);
  input.addEventListener('input', () => {
    const length = [...input.value].length;
    const level = !length ? '' : length < minimum ? 'short' : length < minimum + 8 ? 'fair' : 'good';
    if (line.dataset.level !== level) {
      line.dataset.level = level;
      line.lastElementChild.textContent = level && line.dataset[level];
    }
  });
});

// A method that this browser's device cannot have comes last, and says why.
each('[data-needs="built-in"]', async card => {
  const kind = window.PublicKeyCredential;
  if (await kind?.isUserVerifyingPlatformAuthenticatorAvailable?.().catch(() => true)) {
    return;
  }
  card.querySelector('.pill')?.remove();
  card.querySelector('[data-unable]').hidden = false;
  card.parentElement.append(card);
});

// The language menu closes like a menu.
each('.languages', menu => {
  addEventListener('click', event => menu.contains(event.target) || menu.removeAttribute('open'));
  menu.addEventListener('keydown', event => {
    if (event.key === 'Escape') {
      menu.removeAttribute('open');
      menu.querySelector('summary').focus();
    }
  });
});
