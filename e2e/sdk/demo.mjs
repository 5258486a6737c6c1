// What the demo said when it was ready, and what a person has at hand there.
import { createHmac } from 'node:crypto';
import { ManagementClient } from 'auth0';

/** The line of `./countersign demo --json`. */
export const told = JSON.parse(process.env.COUNTERSIGN_DEMO);

/** Host and port, as Auth0's clients want their domain. */
export const domain = new URL(told.https).host;

/** The issuer, and what begins the identifiers of our own APIs. */
export const issuer = `${told.https}/`;

/** The back office's client of the Management API. */
export const management = new ManagementClient({
  domain,
  clientId: told.management.client_id,
  clientSecret: told.management.client_secret,
});

export function app(name) {
  const found = told.apps.find((it) => it.name === name);
  if (!found) throw new Error(`the demo has no application ${name}`);
  return found;
}

export function person(username) {
  const found = told.people.find((it) => it.username === username);
  if (!found) throw new Error(`nobody in the demo is called ${username}`);
  return found;
}

function bytes(base32) {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const bits = [...base32.replace(/=+$/, '')]
    .map((c) => alphabet.indexOf(c).toString(2).padStart(5, '0'))
    .join('');
  return Buffer.from(bits.match(/.{8}/g).map((eight) => parseInt(eight, 2)));
}

/** The code of an authenticator app (RFC 6238), `steps` of 30 seconds from now. */
export function code(secret, steps = 0) {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30000) + steps));
  const hash = createHmac('sha1', bytes(secret)).update(counter).digest();
  const at = hash.at(-1) & 15;
  return String((hash.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

/** Every mail and text sent so far. */
export async function inbox() {
  const answer = await fetch(told.inbox);
  if (!answer.ok) throw new Error(`the inbox answers ${answer.status}`);
  return answer.json();
}

/** The claims of a token, unchecked. */
export function claims(token) {
  return JSON.parse(Buffer.from(token.split('.')[1], 'base64url').toString());
}

/** The error that this is to end with. */
export async function failure(promise) {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('it was to fail, and did not');
}
