// Clients find the server by its discovery document over HTTPS, and get a token of their own.
import assert from 'node:assert/strict';
import { AuthClient } from '@auth0/auth0-auth-js';
import { AuthenticationClient } from 'auth0/legacy';
import { app, claims, domain, issuer, told } from './demo.mjs';

const bank = app('Harbour Bank');
const client = new AuthClient({
  domain,
  clientId: bank.client_id,
  clientSecret: bank.client_secret,
  authorizationParams: { redirect_uri: bank.redirect_uris[0] },
});
const { authorizationUrl } = await client.buildAuthorizationUrl();
assert.equal(authorizationUrl.origin, told.https);
assert.equal(authorizationUrl.pathname, '/authorize');

const machine = new AuthenticationClient({
  domain,
  clientId: told.management.client_id,
  clientSecret: told.management.client_secret,
});
const { data } = await machine.oauth.clientCredentialsGrant({ audience: `${issuer}api/v2/` });
assert.equal(data.token_type, 'Bearer');
assert.equal(claims(data.access_token).iss, issuer);
