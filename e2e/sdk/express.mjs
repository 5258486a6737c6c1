// An Express application signs people in by express-openid-connect, both ways that it knows.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import express from 'express';
import openid from 'express-openid-connect';
import { inBrowser, signIn } from './browser.mjs';
import { management, person, told } from './demo.mjs';

async function signsIn(settings, who) {
  const server = express().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const base = `http://localhost:${server.address().port}`;
  const app = express();
  server.removeAllListeners('request');
  server.on('request', app);
  const client = await management.clients.create({
    name: 'Express',
    app_type: 'regular_web',
    callbacks: [`${base}/callback`],
    allowed_logout_urls: [base],
  });
  app.use(
    openid.auth({
      issuerBaseURL: `${told.https}/`,
      baseURL: base,
      clientID: client.client_id,
      clientSecret: client.client_secret,
      secret: 'a secret of the session, long enough to be one',
      authRequired: false,
      idpLogout: true,
      ...settings,
    }),
  );
  app.get('/me', openid.requiresAuth(), (request, response) => response.json(request.oidc.idTokenClaims));
  app.get('/', (request, response) => response.send(request.oidc.isAuthenticated() ? 'in' : 'out'));
  try {
    await inBrowser(async (page) => {
      await page.goto(`${base}/me`);
      await signIn(page, who);
      await page.waitForURL(`${base}/me`);
      const claims = JSON.parse(await page.locator('body').innerText());
      assert.equal(claims.iss, `${told.https}/`);
      assert.equal(claims.aud, client.client_id);
      assert.ok(claims.amr.includes('mfa'), JSON.stringify(claims));
      await page.goto(`${base}/logout`);
      await page.waitForURL(`${base}/`);
      assert.equal(await page.locator('body').innerText(), 'out');
    });
  } finally {
    server.close();
    server.closeAllConnections();
    await management.clients.delete(client.client_id);
  }
}

const people = told.people.filter((it) => it.totp_secret);
await signsIn({}, people[0]);
await signsIn(
  { authorizationParams: { response_type: 'code', scope: 'openid profile email' } },
  people[1],
);
