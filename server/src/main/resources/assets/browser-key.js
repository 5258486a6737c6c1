// Shows the server that this is the browser it was: a key that can be used here, and read by nobody, signs the page's
// question. Where a browser cannot, or takes too long, the form goes without it.

const LONGEST = 250;
const STORE = 'keys';
const ID = 'browser';

const base64url = bytes => btoa(String.fromCharCode(...new Uint8Array(bytes)))
  .replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
const utf8 = text => new TextEncoder().encode(text);
const part = value => base64url(utf8(JSON.stringify(value)));

const opened = () => new Promise((done, fail) => {
  const asked = indexedDB.open('countersign-browser', 1);
  asked.onupgradeneeded = () => asked.result.createObjectStore(STORE);
  asked.onsuccess = () => done(asked.result);
  asked.onerror = () => fail(asked.error);
});

// Of two tabs that make one at once, both use what was kept first; what cannot be kept is not used.
const kept = (database, fresh) => new Promise((done, fail) => {
  const transaction = database.transaction(STORE, fresh ? 'readwrite' : 'readonly');
  const store = transaction.objectStore(STORE);
  const asked = store.get(ID);
  let keys;
  asked.onsuccess = () => {
    keys = asked.result ?? fresh;
    if (fresh && keys === fresh) {
      store.put(fresh, ID);
    }
  };
  transaction.oncomplete = () => done(keys);
  transaction.onabort = () => fail(transaction.error);
});

const algorithm = {name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256'};

const answer = async question => {
  const database = await opened();
  try {
    const keys = await kept(database)
      ?? await kept(database, await crypto.subtle.generateKey(algorithm, false, ['sign']));
    const {kty, crv, x, y} = await crypto.subtle.exportKey('jwk', keys.publicKey);
    const said = `${part({typ: 'countersign-browser+jws', alg: 'ES256', jwk: {kty, crv, x, y}})}.`
      + part({aud: location.origin, nonce: question});
    return `${said}.${base64url(await crypto.subtle.sign(algorithm, keys.privateKey, utf8(said)))}`;
  } finally {
    database.close();
  }
};

document.querySelectorAll('[data-browser-key]').forEach(input => {
  let waiting;
  let ready;
  const begin = () => {
    waiting = true;
    ready = answer(input.dataset.browserKey)
      .then(said => input.value = said)
      .catch(() => {})
      .finally(() => waiting = false);
  };
  begin();
  input.addEventListener('renewed', begin);
  input.form.addEventListener('submit', async event => {
    if (!waiting || event.defaultPrevented) {
      return;
    }
    event.preventDefault();
    await Promise.race([ready, new Promise(done => setTimeout(done, LONGEST))]);
    HTMLFormElement.prototype.submit.call(input.form);
  });
});
