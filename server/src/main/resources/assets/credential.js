// Asks the browser to make a key or to sign with one, and sends what comes of it with the form: the credential as JSON, or
// the name of what stopped it. A prompt opens after a press of the button and never before; keys that may come first stand
// in the suggestions of the name's field as well. And tells the browser of keys that are gone.

const bytes = text => Uint8Array.from(
  atob(text.replace(/-/g, '+').replace(/_/g, '/')), character => character.charCodeAt(0));
const text = buffer => buffer && btoa(String.fromCharCode(...new Uint8Array(buffer)))
  .replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');

// For browsers older than the JSON forms of WebAuthn Level 3 (sections 5.1.8 to 5.1.10).
const identified = list => (list || []).map(it => ({...it, id: bytes(it.id)}));
const read = (options, create) => create
  ? {
    ...options,
    challenge: bytes(options.challenge),
    user: {...options.user, id: bytes(options.user.id)},
    excludeCredentials: identified(options.excludeCredentials),
  }
  : {
    ...options,
    challenge: bytes(options.challenge),
    allowCredentials: identified(options.allowCredentials),
  };
const parse = (options, create) => {
  const own = create ? 'parseCreationOptionsFromJSON' : 'parseRequestOptionsFromJSON';
  return PublicKeyCredential[own] ? PublicKeyCredential[own](options) : read(options, create);
};
const written = credential => {
  if (credential.toJSON) {
    return credential.toJSON();
  }
  const from = credential.response;
  const response = {clientDataJSON: text(from.clientDataJSON)};
  if (from.attestationObject) {
    response.attestationObject = text(from.attestationObject);
    response.transports = from.getTransports ? from.getTransports() : [];
  } else {
    response.authenticatorData = text(from.authenticatorData);
    response.signature = text(from.signature);
    response.userHandle = text(from.userHandle) || undefined;
  }
  return {
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    response,
    clientExtensionResults: credential.getClientExtensionResults(),
  };
};

// A question stands for five minutes; a page may be looked at for longer.
const RENEWED_EVERY = 4 * 60 * 1000;

document.querySelectorAll('[data-credential]').forEach(input => {
  const form = input.form;
  const button = form.querySelector('[data-start]');
  const waiting = form.querySelector('[data-waiting]');
  const unsupported = form.querySelector('[data-unsupported]');
  if (!window.PublicKeyCredential || !navigator.credentials) {
    (unsupported ? button : form).hidden = true;
    if (unsupported) {
      unsupported.hidden = false;
    }
    return;
  }
  const create = input.dataset.credential === 'create';
  const ask = async more => {
    const publicKey = parse(JSON.parse(input.dataset.options), create);
    const credential = await navigator.credentials[create ? 'create' : 'get']({publicKey, ...more});
    input.value = JSON.stringify(written(credential));
  };
  const send = () => HTMLFormElement.prototype.submit.call(form);
  const busy = on => {
    button.disabled = on;
    waiting.hidden = !on;
  };
  let offered;
  button.type = 'button';
  button.addEventListener('click', async () => {
    offered?.abort();
    busy(true);
    try {
      await ask({});
    } catch (stopped) {
      form.elements.error.value = stopped.name || 'Error';
    }
    send();
  });

  // In the suggestions of the name's field, where the browser can: whoever does not pick one is not disturbed.
  const offer = async () => {
    offered?.abort();
    const mine = offered = new AbortController();
    try {
      await ask({mediation: 'conditional', signal: mine.signal});
    } catch {
      return;
    }
    if (!button.disabled) {
      busy(true);
      send();
    }
  };
  const renew = async () => {
    const answer = await fetch(input.dataset.renew);
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const fresh = page.querySelector('[data-renew]');
    if (!fresh || button.disabled) {
      return;
    }
    input.dataset.options = fresh.dataset.options;
    form.elements.question.value = fresh.form.elements.question.value;
    const own = form.elements.browser_key;
    own.dataset.browserKey = fresh.form.elements.browser_key.dataset.browserKey;
    own.dispatchEvent(new Event('renewed'));
    if (offered) {
      offer();
    }
  };
  const begin = async () => {
    if (await PublicKeyCredential.isConditionalMediationAvailable?.()) {
      offer();
    }
  };
  if (input.dataset.renew) {
    begin();
    setInterval(() => renew().catch(() => {}), RENEWED_EVERY);
  }
  addEventListener('pageshow', shown => {
    busy(false);
    if (shown.persisted && input.dataset.renew) {
      renew().catch(() => {});
    }
  });
});

// Whether it listens is its own affair.
document.querySelectorAll('[data-signal]').forEach(async it => {
  try {
    await PublicKeyCredential[it.dataset.signal](JSON.parse(it.dataset.options));
  } catch {
    // It does not know how, or does not want to.
  }
});
