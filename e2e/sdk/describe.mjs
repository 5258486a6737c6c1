// The description of the API, as the server serves it, passes a linter's rules.
import assert from 'node:assert/strict';
import { createConfig, lintFromString } from '@redocly/openapi-core';
import { told } from './demo.mjs';

const answer = await fetch(`${told.https}/api/v2/openapi.json`);
assert.equal(answer.status, 200);
// Tags are the first words of paths, and need no words of their own.
const config = await createConfig({
  extends: ['recommended-strict'],
  rules: { 'tag-description': 'off' },
});
const found = await lintFromString({
  source: await answer.text(),
  absoluteRef: `${told.https}/api/v2/openapi.json`,
  config,
});
assert.deepEqual(
  found.map((it) => `${it.ruleId} at ${it.location[0]?.pointer}: ${it.message}`),
  [],
);
