import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { freePort } from '@gomon/test-support';
import { startTestApi, type Client, type TestApi } from '../test-api.ts';

const POSTS = 200;
const IN_FLIGHT = 8;
const KILLED_EVERY = 50;
const MAX_ATTEMPTS = 100;
const ANSWER_TIMEOUT_MS = 20_000;

let api: TestApi;
let client: Client;
let port: number;
let running: Promise<ChildProcess>;
beforeAll(async () => {
  api = await startTestApi();
  client = await api.signUp();
  port = await freePort();
  running = startProcess();
  await running;
});
afterAll(async () => {
  (await running).kill('SIGKILL');
  await api.stop();
});

/** The API in a separate process, on the same database; resolves when it listens. */
async function startProcess(): Promise<ChildProcess> {
  const {
    DATABASE_URL,
    JWT_SECRET,
    SECRETS_KEY,
    RATE_LIMIT_PER_MINUTE,
    ADDRESS_RATE_LIMIT_PER_MINUTE,
  } = api.config;
  const settings = {
    DATABASE_URL,
    JWT_SECRET,
    SECRETS_KEY,
    RATE_LIMIT_PER_MINUTE,
    ADDRESS_RATE_LIMIT_PER_MINUTE,
  };
  const environment = {
    ...settings,
    API_HOST: '127.0.0.1',
    API_PORT: port,
    METRICS_PORT: 0,
    MAX_MONITORS_PER_USER: 1000,
  };
  const child = spawn(
    process.execPath,
    [fileURLToPath(new URL('../../src/main.ts', import.meta.url))],
    {
      env: Object.fromEntries(
        Object.entries(environment).map(([name, value]) => [name, String(value)]),
      ),
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  for await (const text of child.stdout.setEncoding('utf8'))
    if (String(text).includes('"msg":"started"')) break;
  child.stdout.resume();
  return child;
}

async function killAndRestart(): Promise<void> {
  running = running.then(async (child) => {
    child.kill('SIGKILL');
    await once(child, 'exit');
    return startProcess();
  });
  await running;
}

/** The id that the API answers with, however often it takes to ask. */
async function create(key: string): Promise<string> {
  const body = JSON.stringify({ name: key, url: 'https://example.com/', threshold: 2 });
  const headers = {
    authorization: `Bearer ${client.token}`,
    'content-type': 'application/json',
    'idempotency-key': key,
  };
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
    await running;
    const signal = AbortSignal.timeout(ANSWER_TIMEOUT_MS);
    const response = await fetch(`http://127.0.0.1:${port}/v1/monitors`, {
      method: 'POST',
      headers,
      body,
      signal,
    }).catch(() => null);
    const text = await response?.text().catch(() => undefined);
    if (!response || text === undefined || response.status === 503) continue;
    if (response.status !== 201) throw new Error(text);
    return (JSON.parse(text) as { id: string }).id;
  }
  throw new Error(`no answer after ${MAX_ATTEMPTS} attempts`);
}

test('makes one monitor for each key, however often it is killed meanwhile', async () => {
  const keys = Array.from({ length: POSTS }, () => randomUUID());
  const waiting = [...keys];
  const ids = new Map<string, string>();
  let kills = 0;
  const work = async () => {
    for (let key = waiting.pop(); key !== undefined; key = waiting.pop()) {
      ids.set(key, await create(key));
      if (ids.size % KILLED_EVERY === 0 && ids.size < POSTS) {
        kills += 1;
        await killAndRestart();
      }
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, work));
  expect(kills).toBe(POSTS / KILLED_EVERY - 1);
  const { rows } = await api.sql.query<{ name: string; id: string }>(
    'SELECT name, id FROM monitors',
  );
  expect(new Map(rows.map(({ name, id }) => [name, id]))).toEqual(ids);
  expect(await Promise.all(keys.map(create))).toEqual(keys.map((key) => ids.get(key)));
}, 300_000); // Four starts of a process, on a machine that may be busy.
