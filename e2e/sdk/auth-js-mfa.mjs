// The whole life of second factors with @auth0/auth0-auth-js, from the first password to the backup code.
import assert from 'node:assert/strict';
import { AuthClient } from '@auth0/auth0-auth-js';
import { app, claims, code, domain, failure, inbox, issuer, person } from './demo.mjs';

const counter = app('Harbour counter');
const client = new AuthClient({
  domain,
  clientId: counter.client_id,
  clientSecret: counter.client_secret,
});

/** Gives the password, which is not enough. */
async function begin(who) {
  const error = await failure(
    client.getTokenByPassword({
      username: who.username,
      password: who.password,
      scope: 'openid profile email offline_access',
    }),
  );
  assert.equal(error.cause.error, 'mfa_required', JSON.stringify(error.cause));
  assert.equal(error.cause.error_description, 'Multifactor authentication required');
  return { mfaToken: error.cause.mfa_token, requirements: error.cause.mfa_requirements };
}

function types(list) {
  return list.map((it) => it.type);
}

// A teller has no factor yet and has to have one.
const carla = person('carla');
const first = await begin(carla);
assert.ok(types(first.requirements.enroll).includes('otp'));
assert.deepEqual(await client.mfa.listAuthenticators({ mfaToken: first.mfaToken }), []);
const enrolled = await client.mfa.enrollAuthenticator({
  mfaToken: first.mfaToken,
  authenticatorTypes: ['otp'],
});
assert.equal(enrolled.authenticatorType, 'otp');
assert.match(enrolled.barcodeUri, /^otpauth:\/\/totp\//);
assert.equal(enrolled.recoveryCodes.length, 10);
const wrong = await failure(
  client.mfa.verify({ mfaToken: first.mfaToken, factorType: 'otp', otp: 'x00000' }),
);
assert.equal(wrong.cause.error, 'invalid_grant');
assert.equal(wrong.message, 'Invalid otp_code.');
const tokens = await client.mfa.verify({
  mfaToken: first.mfaToken,
  factorType: 'otp',
  otp: code(enrolled.secret),
});
assert.equal(claims(tokens.accessToken).acr, 'aal2');
assert.deepEqual(claims(tokens.idToken).amr.filter((it) => it === 'mfa'), ['mfa']);
assert.equal(claims(tokens.idToken).iss, issuer);

// From then on she is asked for it.
const second = await begin(carla);
assert.ok(types(second.requirements.challenge).includes('otp'));
const hers = await client.mfa.listAuthenticators({ mfaToken: second.mfaToken });
const authenticator = hers.find((it) => it.authenticatorType === 'otp');
assert.ok(authenticator.active);
const refused = await failure(
  client.mfa.enrollAuthenticator({ mfaToken: second.mfaToken, authenticatorTypes: ['otp'] }),
);
assert.equal(refused.message, 'User is already enrolled.');
const challenge = await client.mfa.challengeAuthenticator({
  mfaToken: second.mfaToken,
  challengeType: 'otp',
  authenticatorId: authenticator.id,
});
assert.equal(challenge.challengeType, 'otp');
const again = await client.mfa.verify({
  mfaToken: second.mfaToken,
  factorType: 'otp',
  otp: code(enrolled.secret, 1),
});
const refreshed = await client.getTokenByRefreshToken({ refreshToken: again.refreshToken });
assert.equal(claims(refreshed.accessToken).acr, 'aal2');

// Without her phone she has the sheet.
const third = await begin(carla);
const recovered = await client.mfa.verify({
  mfaToken: third.mfaToken,
  factorType: 'recovery-code',
  recoveryCode: enrolled.recoveryCodes[0],
});
assert.ok(recovered.accessToken);
assert.match(recovered.recoveryCode, /^[0-9a-z]{4}-[0-9a-z]{5}-[0-9a-z]{5}$/);
const spent = await failure(
  client.mfa.verify({
    mfaToken: (await begin(carla)).mfaToken,
    factorType: 'recovery-code',
    recoveryCode: enrolled.recoveryCodes[0],
  }),
);
assert.equal(spent.message, 'MFA Authorization rejected.');

// A code by mail.
const dora = person('dora');
const mailed = await begin(dora);
assert.deepEqual(types(mailed.requirements.challenge).sort(), ['email', 'oob']);
const [address] = await client.mfa.listAuthenticators({ mfaToken: mailed.mfaToken });
assert.deepEqual(address.oobChannels, ['email']);
const oob = await client.mfa.challengeAuthenticator({
  mfaToken: mailed.mfaToken,
  challengeType: 'oob',
  authenticatorId: address.id,
});
assert.equal(oob.bindingMethod, 'prompt');
let mail;
for (let tries = 0; !mail && tries < 200; tries++) {
  mail = (await inbox()).find(
    (it) => it.channel === 'mail' && String(it.to).startsWith('dora@') && /^\d{6}$/m.test(it.text),
  );
  if (!mail) await new Promise((resolve) => setTimeout(resolve, 50));
}
const doras = await client.mfa.verify({
  mfaToken: mailed.mfaToken,
  factorType: 'oob',
  oobCode: oob.oobCode,
  bindingCode: /^\d{6}$/m.exec(mail.text)[0],
});
assert.ok(doras.accessToken);

// Wrong passwords are told as such.
const unknown = await failure(
  client.getTokenByPassword({ username: 'nobody', password: 'nothing' }),
);
assert.equal(unknown.cause.error, 'invalid_grant');
assert.equal(unknown.cause.error_description, 'Wrong email or password.');
