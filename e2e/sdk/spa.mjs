// A page of its own signs people in by auth0-spa-js in the browser: by redirect, silently, and with a fresh second proof.
// Over HTTP, as the page is: browsers keep the session's cookie from a frame of another scheme.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { inBrowser, signIn } from './browser.mjs';
import { management, told } from './demo.mjs';

const MULTI_FACTOR = 'http://schemas.openid.net/pape/policies/2007/06/multi-factor';
const library = await readFile(
  new URL('node_modules/@auth0/auth0-spa-js/dist/auth0-spa-js.production.js', import.meta.url),
);
const server = createServer((request, response) => {
  const script = request.url === '/auth0.js';
  response.setHeader('Content-Type', script ? 'text/javascript' : 'text/html');
  response.end(script ? library : '<!doctype html><title>A page</title><script src="/auth0.js"></script>');
}).listen(0, '127.0.0.1');
await once(server, 'listening');
const base = `http://localhost:${server.address().port}`;
const client = await management.clients.create({
  name: 'Single page',
  app_type: 'spa',
  token_endpoint_auth_method: 'none',
  callbacks: [base],
  web_origins: [base],
  allowed_logout_urls: [base],
  grant_types: ['authorization_code', 'refresh_token'],
});
const who = told.people.filter((it) => it.totp_secret)[2];

/** The client as the page makes it, anew at each page. */
const open = (page, more = {}) =>
  page.evaluate(
    async ([domain, clientId, redirect, extra]) => {
      window.client = new auth0.Auth0Client({
        domain,
        clientId,
        authorizationParams: { redirect_uri: redirect },
        ...extra,
      });
    },
    [told.base, client.client_id, base, more],
  );

try {
  await inBrowser(async (page) => {
    await page.goto(base);
    await open(page);
    await page.evaluate(() => window.client.loginWithRedirect());
    await signIn(page, who);
    await page.waitForURL(`${base}/?code=*`);
    await open(page);
    await page.evaluate(() => window.client.handleRedirectCallback());
    const claims = await page.evaluate(() => window.client.getIdTokenClaims());
    assert.equal(claims.iss, `${told.base}/`);
    assert.ok(claims.amr.includes('mfa'), JSON.stringify(claims));

    await page.goto(base);
    await open(page);
    const silent = await page.evaluate(() =>
      window.client.getTokenSilently({ cacheMode: 'off', detailedResponse: true }),
    );
    assert.ok(silent.access_token);
    assert.ok(silent.id_token);

    await page.evaluate(
      (acr) => window.client.loginWithRedirect({ authorizationParams: { acr_values: acr, max_age: 0, prompt: 'login' } }),
      MULTI_FACTOR,
    );
    await signIn(page, who, 1);
    await page.waitForURL(`${base}/?code=*`);
    await open(page);
    await page.evaluate(() => window.client.handleRedirectCallback());
    const fresh = await page.evaluate(() => window.client.getIdTokenClaims());
    assert.ok(fresh.auth_time > claims.auth_time, `${fresh.auth_time} is not after ${claims.auth_time}`);
  });
} finally {
  server.close();
  server.closeAllConnections();
  await management.clients.delete(client.client_id);
}
