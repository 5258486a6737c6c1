// A back office runs the whole MFA life cycle of a person by Auth0's ManagementClient.
import assert from 'node:assert/strict';
import { failure, inbox, management, told } from './demo.mjs';

const everything = async (page) => {
  const all = [];
  for await (const each of page) all.push(each);
  return all;
};

// Factors and policies.
const factors = await management.guardian.factors.list();
assert.deepEqual(
  factors.map((it) => it.name),
  ['sms', 'push-notification', 'otp', 'email', 'duo', 'webauthn-roaming', 'webauthn-platform', 'recovery-code'],
);
assert.deepEqual(await management.guardian.factors.set('otp', { enabled: true }), { enabled: true });
const policies = await management.guardian.policies.list();
assert.ok(Array.isArray(policies));
assert.deepEqual(await management.guardian.policies.set(['all-applications']), ['all-applications']);
assert.deepEqual(await management.guardian.policies.set(policies), policies);
const unknown = await failure(management.guardian.factors.set('carrier-pigeon', { enabled: true }));
assert.equal(unknown.statusCode, 400);
assert.equal(unknown.body.errorCode, 'invalid_uri');

// Who sends, and what it says.
assert.ok((await management.guardian.factors.phone.getSelectedProvider()).provider);
assert.ok((await management.guardian.factors.sms.getTemplates()).verification_message.includes('{{code}}'));
assert.ok(Array.isArray((await management.guardian.factors.phone.getMessageTypes()).message_types));
assert.ok((await management.guardian.factors.pushNotification.getSelectedProvider()).provider);
const lasting = await management.guardian.factors.email.get();
assert.deepEqual(await management.guardian.factors.email.set(lasting), lasting);

// A person.
const made = await management.users.create({
  connection: 'Username-Password-Authentication',
  email: 'nora@example.com',
  password: 'nineteen blue herons at dawn',
  user_metadata: { team: 'blue' },
});
const id = made.user_id;
assert.match(id, /^auth0\|/);
const again = await failure(
  management.users.create({
    connection: 'Username-Password-Authentication',
    email: 'nora@example.com',
    password: 'nineteen blue herons at dawn',
  }),
);
assert.equal(again.statusCode, 409);
assert.equal((await management.users.listUsersByEmail({ email: 'nora@example.com' }))[0].user_id, id);
const found = await everything(
  await management.users.list({ q: 'email:"nora@example.com"', search_engine: 'v3' }),
);
assert.deepEqual(found.map((it) => it.user_id), [id]);
const changed = await management.users.update(id, { user_metadata: { desk: '4' } });
assert.deepEqual(changed.user_metadata, { team: 'blue', desk: '4' });
const all = await everything(await management.users.list({ per_page: 7 }));
assert.equal(new Set(all.map((it) => it.user_id)).size, all.length);
assert.ok(all.length >= told.people.length);

// Their factors.
const methods = management.users.authenticationMethods;
assert.deepEqual(await everything(await methods.list(id)), []);
const app = await methods.create(id, {
  type: 'totp',
  name: 'telephone',
  totp_secret: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP',
});
assert.match(app.id, /^totp\|dev_[0-9A-Za-z]{16}$/);
assert.equal(app.totp_secret, undefined);
assert.equal((await methods.get(id, app.id)).id, app.id);
assert.equal((await methods.update(id, app.id, { name: 'new telephone' })).name, 'new telephone');
assert.deepEqual((await everything(await methods.list(id))).map((it) => it.name), ['new telephone']);
const enrolments = await management.users.enrollments.get(id);
assert.equal(enrolments[0].status, 'confirmed');
const enrolment = await management.guardian.enrollments.get(enrolments[0].id.replace(/^.*\|/, ''));
assert.equal(enrolment.status, 'confirmed');
const { recovery_code } = await management.users.regenerateRecoveryCode(id);
assert.match(recovery_code, /^[A-Z0-9]{24}$/);
await management.users.multifactor.invalidateRememberBrowser(id);
const replaced = await methods.set(id, [{ type: 'totp', totp_secret: 'KRSXG5CTMVRXEZLUKRSXG5CTMVRXEZLU' }]);
assert.equal(replaced.length, 1);
await methods.delete(id, replaced[0].id);
await methods.deleteAll(id);
assert.deepEqual(await everything(await methods.list(id)), []);
assert.equal((await failure(methods.get(id, app.id))).statusCode, 404);

// An invitation to set one up.
const ticket = await management.guardian.enrollments.createTicket({ user_id: id, send_mail: true });
assert.match(ticket.ticket_id, /^[0-9A-Za-z]{32}$/);
assert.ok(ticket.ticket_url.endsWith(`/mfa/enrollment?ticket=${ticket.ticket_id}`));
const mailed = async () => (await inbox()).some((it) => JSON.stringify(it).includes(ticket.ticket_id));
for (let tries = 0; !(await mailed()); tries++) {
  assert.ok(tries < 50, 'the invitation was not mailed');
  await new Promise((resolve) => setTimeout(resolve, 200));
}

// Risk, sessions, what happened.
assert.equal(typeof (await management.riskAssessments.settings.newDevice.get()).remember_for, 'number');
assert.deepEqual(await everything(await management.users.sessions.list(id)), []);
const logs = await everything(await management.users.logs.list(id, { per_page: 5 }));
assert.ok(logs.some((it) => it.type === 'gd_enrollment_complete'), JSON.stringify(logs.map((it) => it.type)));
assert.equal((await management.logs.get(logs[0].log_id)).log_id, logs[0].log_id);

// Who may do what.
const role = await management.roles.create({ name: 'watch', description: 'Looks on' });
await management.users.roles.assign(id, { roles: [role.id] });
assert.deepEqual((await everything(await management.users.roles.list(id))).map((it) => it.name), ['watch']);
await management.users.roles.delete(id, { roles: [role.id] });
await management.roles.delete(role.id);

// Programs.
const client = await management.clients.create({ name: 'Ledger', app_type: 'non_interactive' });
assert.equal((await management.clients.get(client.client_id)).name, 'Ledger');
assert.equal((await management.clients.update(client.client_id, { description: 'Books' })).name, 'Ledger');
assert.ok((await everything(await management.clients.list({ per_page: 3 }))).some((it) => it.client_id === client.client_id));
const apis = await everything(await management.resourceServers.list());
assert.ok(apis.some((it) => it.name === 'Auth0 Management API'));
const grant = await management.clientGrants.create({
  client_id: client.client_id,
  audience: apis.find((it) => it.name === 'Auth0 Management API').identifier,
  scope: ['read:users'],
});
await management.clientGrants.delete(grant.id);
await management.clients.delete(client.client_id);

// Who is told of what happens.
const stream = await management.logStreams.create({
  name: 'watch',
  type: 'http',
  sink: { httpEndpoint: 'https://example.com/events' },
});
assert.equal(stream.status, 'active');
assert.equal((await management.logStreams.update(stream.id, { status: 'paused' })).status, 'paused');
assert.ok((await management.logStreams.list()).some((it) => it.id === stream.id));
await management.logStreams.delete(stream.id);

await management.users.delete(id);
assert.equal((await failure(management.users.get(id))).body.errorCode, 'inexistent_user');
