import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { call, python } from '../clients/tools.ts';
import { startTestStack, type RunningStack } from '../e2e/stack.ts';
import { root } from '../repository/run.ts';

const VERSION = '4.32.5';
/** It goes on for as long as it may; SCHEMATHESIS_SECONDS gives another time. */
const SECONDS = process.env['SCHEMATHESIS_SECONDS'] || '480';
/** One never ends, and two end what all the others need. */
const LEFT_OUT = ['streamEvents', 'logOut', 'deleteAccount'];

let stack: RunningStack;
beforeAll(async () => {
  stack = await startTestStack(1, 1, { MAX_MONITORS_PER_USER: '1000', MIN_INTERVAL_SECONDS: '10' });
});
afterAll(() => stack.close());

test('Schemathesis finds nothing in what the API answers to requests from its own description, and to sequences of them', async () => {
  const programs = await python('schemathesis', VERSION);
  const token = await tokenOf('thesis');
  const options = ['--checks', 'all', '--header', `Authorization: Bearer ${token}`];
  const { code, output } = await call(join(programs, 'schemathesis'), [
    ...['--config-file', join(root, 'tests/schemathesis/schemathesis.toml')],
    ...['run', `${stack.apiUrl}/openapi.json`, '--url', stack.apiUrl, ...options],
    ...[
      '--continue-on-failure',
      '--max-time',
      SECONDS,
      ...LEFT_OUT.flatMap((id) => ['--exclude-operation-id', id]),
    ],
  ]);
  console.log(output.slice(-1500));
  expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' });
});

async function tokenOf(username: string): Promise<string> {
  const body = JSON.stringify({ username, password: `a long passphrase of ${username}` });
  const request = { method: 'POST', headers: { 'content-type': 'application/json' }, body };
  await fetch(`${stack.apiUrl}/v1/users`, request);
  const session = (await (await fetch(`${stack.apiUrl}/v1/sessions`, request)).json()) as {
    token: string;
  };
  return session.token;
}
