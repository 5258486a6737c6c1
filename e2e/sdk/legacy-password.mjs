// The Authentication API client of auth0/legacy: password, realm, refresh, and the demand for a second factor.
import assert from 'node:assert/strict';
import { AuthenticationClient } from 'auth0/legacy';
import { app, claims, domain, failure, person } from './demo.mjs';

const counter = app('Harbour counter');
const client = new AuthenticationClient({
  domain,
  clientId: counter.client_id,
  clientSecret: counter.client_secret,
});

const ana = person('ana');
for (const realm of [undefined, 'Username-Password-Authentication']) {
  // Checks signature, issuer and audience of the ID token by itself.
  const { data } = await client.oauth.passwordGrant({
    username: ana.username,
    password: ana.password,
    scope: 'openid offline_access',
    ...(realm ? { realm } : {}),
  });
  assert.equal(claims(data.id_token).acr, 'aal1');
  const refreshed = await client.oauth.refreshTokenGrant({ refresh_token: data.refresh_token });
  assert.ok(refreshed.data.access_token);
}

const ben = person('ben');
const demanded = await failure(
  client.oauth.passwordGrant({ username: ben.username, password: ben.password }),
);
assert.equal(demanded.statusCode, 403);
assert.equal(demanded.error, 'mfa_required');
assert.equal(typeof JSON.parse(demanded.body).mfa_token, 'string');

const wrong = await failure(
  client.oauth.passwordGrant({ username: ben.username, password: 'not his password' }),
);
assert.equal(wrong.statusCode, 403);
assert.equal(wrong.error_description, 'Wrong email or password.');
