// A tenant is exported by auth0-deploy-cli, changed, imported and exported again: what was written is what is read.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { domain, told } from './demo.mjs';

const ORDERS = 'https://orders.example/api';
const scratch = mkdtempSync(join(tmpdir(), 'deploy-cli-'));

/** Runs the tool as people do. */
function a0deploy(...words) {
  execFileSync(process.execPath, ['node_modules/auth0-deploy-cli/lib/index.js', ...words], {
    stdio: 'inherit',
    env: {
      ...process.env,
      AUTH0_DOMAIN: domain,
      AUTH0_CLIENT_ID: told.management.client_id,
      AUTH0_CLIENT_SECRET: told.management.client_secret,
      AUTH0_ALLOW_DELETE: 'true',
    },
  });
}

/** Every type of resource that the tool knows, each a file of JSON. */
function exported(name) {
  const folder = join(scratch, name);
  a0deploy('export', '--format=directory', `--output_folder=${folder}`);
  return folder;
}

function imported(folder) {
  a0deploy('import', `--input_file=${folder}`);
}

function read(folder, file) {
  return JSON.parse(readFileSync(join(folder, file), 'utf8'));
}

function write(folder, file, value) {
  mkdirSync(join(folder, file, '..'), { recursive: true });
  writeFileSync(join(folder, file), JSON.stringify(value));
}

function change(folder, file, edit) {
  const value = read(folder, file);
  edit(value);
  write(folder, file, value);
}

const first = exported('first');
assert.ok(read(first, 'clients/Harbour Bank.json').callbacks.length > 0);
assert.equal(read(first, 'tenant.json').friendly_name, 'Harbour Bank');

// Changed: something of every kind that there is.
write(first, 'clients/Night robot.json', {
  name: 'Night robot',
  app_type: 'non_interactive',
  description: 'Works at night',
  grant_types: ['client_credentials'],
  token_endpoint_auth_method: 'client_secret_post',
  client_metadata: { team: 'night' },
});
change(first, 'clients/Harbour Pocket.json', (it) => (it.web_origins = [...it.web_origins, 'https://pocket.example']));
write(first, 'resource-servers/Orders.json', {
  name: 'Orders',
  identifier: ORDERS,
  scopes: [{ value: 'read:orders', description: 'See orders' }],
  token_lifetime: 3600,
  signing_alg: 'ES256',
  allow_offline_access: true,
});
write(first, 'grants/robot.json', {
  client_id: 'Night robot',
  audience: ORDERS,
  scope: ['read:orders'],
});
write(first, 'roles/night.json', {
  name: 'night shift',
  description: 'Works at night',
  permissions: [{ permission_name: 'read:orders', resource_server_identifier: ORDERS }],
});
change(first, 'database-connections/Username-Password-Authentication/database.json', (it) => {
  it.enabled_clients = it.enabled_clients.filter((client) => client !== 'Harbour Pocket');
});
change(first, 'tenant.json', (it) => {
  it.friendly_name = 'Harbour Savings';
  it.support_email = 'help@harbour.example';
  it.session_lifetime = 480;
  it.flags.enable_apis_section = true;
});
change(first, 'branding/branding.json', (it) => (it.colors.primary = '#123456'));
write(first, 'emails/mfa_oob_code.json', {
  template: 'mfa_oob_code',
  body: './mfa_oob_code.html',
  from: '',
  subject: 'Your code at {{ friendly_name }}',
  syntax: 'liquid',
  urlLifetimeInSeconds: 432000,
  enabled: true,
});
writeFileSync(join(first, 'emails/mfa_oob_code.html'), '<p>{{ code }}</p>');
write(first, 'guardian/policies.json', { policies: ['all-applications'] });
write(first, 'guardian/factors/sms.json', { name: 'sms', enabled: false });
write(first, 'guardian/phoneFactorMessageTypes.json', { message_types: [] });
imported(first);

const second = exported('second');
assert.equal(read(second, 'clients/Night robot.json').client_metadata.team, 'night');
assert.equal(read(second, 'clients/Night robot.json').description, 'Works at night');
assert.ok(read(second, 'clients/Harbour Pocket.json').web_origins.includes('https://pocket.example'));
const orders = read(second, 'resource-servers/Orders.json');
assert.equal(orders.token_lifetime, 3600);
assert.equal(orders.signing_alg, 'ES256');
assert.deepEqual(orders.scopes, [{ value: 'read:orders', description: 'See orders' }]);
const role = read(second, 'roles/night shift.json');
assert.deepEqual(role.permissions, [
  { resource_server_identifier: ORDERS, permission_name: 'read:orders' },
]);
const database = read(second, 'database-connections/Username-Password-Authentication/database.json');
assert.ok(database.enabled_clients.includes('Harbour Bank'));
assert.ok(!database.enabled_clients.includes('Harbour Pocket'));
const tenant = read(second, 'tenant.json');
assert.equal(tenant.friendly_name, 'Harbour Savings');
assert.equal(tenant.session_lifetime, 480);
assert.equal(tenant.flags.enable_apis_section, true);
assert.equal(read(second, 'branding/branding.json').colors.primary, '#123456');
assert.equal(read(second, 'emails/mfa_oob_code.json').enabled, true);
assert.deepEqual(read(second, 'guardian/policies.json').policies, ['all-applications']);
assert.equal(read(second, 'guardian/factors/sms.json').enabled, false);

// Written back as it was read, it changes nothing, and what is taken out is removed.
write(second, 'guardian/policies.json', { policies: [] });
imported(second);
const third = exported('third');
assert.deepEqual(read(third, 'tenant.json'), tenant);
assert.deepEqual(read(third, 'resource-servers/Orders.json'), orders);
assert.deepEqual(read(third, 'roles/night shift.json'), role);
assert.deepEqual(read(third, 'clients/Night robot.json'), read(second, 'clients/Night robot.json'));
assert.deepEqual(read(third, 'guardian/policies.json').policies, []);
