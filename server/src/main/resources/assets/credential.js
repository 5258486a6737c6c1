// Asks the browser to make a key or to sign with one, after a press of the button and never before, and sends what comes
// of it with the form: the credential as JSON, or the name of what stopped it.

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

document.querySelectorAll('[data-credential]').forEach(input => {
  const form = input.form;
  const button = form.querySelector('[data-start]');
  const waiting = form.querySelector('[data-waiting]');
  if (!window.PublicKeyCredential || !navigator.credentials) {
    button.hidden = true;
    form.querySelector('[data-unsupported]').hidden = false;
    return;
  }
  const create = input.dataset.credential === 'create';
  const send = () => HTMLFormElement.prototype.submit.call(form);
  const busy = on => {
    button.disabled = on;
    waiting.hidden = !on;
  };
  button.type = 'button';
  button.addEventListener('click', async () => {
    busy(true);
    try {
      const publicKey = parse(JSON.parse(input.dataset.options), create);
      const credential = await (create
        ? navigator.credentials.create({publicKey})
        : navigator.credentials.get({publicKey}));
      input.value = JSON.stringify(written(credential));
    } catch (stopped) {
      form.elements.error.value = stopped.name || 'Error';
    }
    send();
  });
  addEventListener('pageshow', () => busy(false));
});
