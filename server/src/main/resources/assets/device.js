// What this phone is to the server: its keys, kept in this browser and nowhere else, and messages signed with them. Shared
// by the page and its worker.

globalThis.device = (() => {
  const STORE = 'devices';

  const base64url = bytes => btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
  const utf8 = text => new TextEncoder().encode(text);

  const opened = () => new Promise((done, fail) => {
    const asked = indexedDB.open('countersign-approver', 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE, {keyPath: 'id'});
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => fail(asked.error);
  });

  const within = async (mode, act) => {
    const database = await opened();
    try {
      return await new Promise((done, fail) => {
        const transaction = database.transaction(STORE, mode);
        const asked = act(transaction.objectStore(STORE));
        transaction.oncomplete = () => done(asked.result);
        transaction.onerror = () => fail(transaction.error);
      });
    } finally {
      database.close();
    }
  };

  const all = () => within('readonly', store => store.getAll());
  const keep = it => within('readwrite', store => store.put(it));
  const forget = id => within('readwrite', store => store.delete(id));

  // The private key can be used here, and read by nobody.
  const made = id => crypto.subtle.generateKey({name: 'ECDSA', namedCurve: 'P-256'}, false, ['sign'])
    .then(keys => ({id, keys, account: '', offset: 0, pending: true}));

  const publicKey = async it => base64url(await crypto.subtle.exportKey('spki', it.keys.publicKey));

  const say = async (it, path, said, wait = false) => {
    // Of what a device says of itself the server takes only what is newer than the last.
    const now = Date.now() + it.offset;
    const at = String(said.what === 'pair' ? now : it.last = Math.max(now, (it.last ?? 0) + 1));
    const attachment = said.attachment ? JSON.stringify(said.attachment) : '';
    const digest = base64url(await crypto.subtle.digest('SHA-256', utf8(attachment)));
    const signed = ['countersign-approver-1', location.origin, said.what, it.id, said.question ?? '', said.answer ?? '', at, digest];
    const signature = await crypto.subtle.sign({name: 'ECDSA', hash: 'SHA-256'}, it.keys.privateKey, utf8(signed.join('\n')));
    const answer = await fetch(path, {
      method: 'POST',
      credentials: 'omit',
      headers: {'content-type': 'application/json'},
      body: JSON.stringify({
        what: said.what,
        device: it.id,
        question: said.question ?? '',
        answer: said.answer ?? '',
        at,
        attachment,
        signature: base64url(signature),
        wait: wait ? 'yes' : 'no',
      }),
    });
    const body = answer.headers.get('content-type')?.startsWith('application/json') ? await answer.json() : {};
    if (body.now) {
      it.offset = body.now - Date.now();
    }
    return {status: answer.status, body};
  };

  const questions = (it, wait) => say(it, '/approver/questions', {what: 'look'}, wait);

  return {all, keep, forget, made, publicKey, say, questions, base64url};
})();
