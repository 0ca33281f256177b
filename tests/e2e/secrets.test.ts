import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startTarget, type Target } from '@gomon/test-support';
import { Redis } from 'ioredis';
import pg from 'pg';
import { until } from './product.ts';
import { startTestStack, type RunningStack } from './stack.ts';

const marker = (name: string) => `${name}-${randomBytes(12).toString('hex')}`;

/** What must be nowhere; tokens and keys come when they are made. */
const secrets: Record<string, string> = {
  jwtSecret: marker('jwt-secret'),
  secretsKey: marker('secrets-key'),
  password: marker('password'),
  nextPassword: marker('next-password'),
  wrongPassword: marker('wrong-password'),
  header: marker('header'),
  patchedHeader: marker('patched-header'),
  urlPassword: marker('url-password'),
  forgedToken: marker('forged-token'),
};
/** Words of a URL's query belong to the monitor's settings, which the owner may see; logs may not have them. */
const inQuery = marker('query');
const visible = marker('visible');

let stack: RunningStack;
let target: Target;
let database: pg.Client;
let redis: Redis;
let watcher: Redis;
const seenByRedis: string[] = [];
const headersSeen: unknown[] = [];
const answers: { request: string; status: number; text: string }[] = [];

beforeAll(async () => {
  target = await startTarget();
  const watch = (n: number, request: { headers: NodeJS.Dict<string | string[]> }) => {
    headersSeen.push(request.headers['x-secret']);
    return { status: n % 2 ? 200 : 500 };
  };
  target.respond('/watched', watch);
  target.respond('/moved', () => ({ status: 302, headers: { location: `/watched?${inQuery}` } }));
  stack = await startTestStack(1, 1, {
    JWT_SECRET: secrets['jwtSecret'] ?? '',
    SECRETS_KEY: secrets['secretsKey'] ?? '',
    LOG_LEVEL: 'debug',
  });
  database = new pg.Client({ connectionString: stack.databaseUrl });
  await database.connect();
  redis = new Redis(stack.queueRedisUrl);
  watcher = await redis.monitor();
  watcher.on(
    'monitor',
    (_time: string, command: string[]) => void seenByRedis.push(command.join(' ')),
  );
  await plant();
});
afterAll(async () => {
  watcher?.disconnect();
  await redis?.quit();
  await database?.end();
  await stack?.close();
  await target?.stop();
});

interface Request {
  readonly body?: unknown;
  readonly credential?: string | undefined;
  readonly headers?: Record<string, string>;
}

async function ask(method: string, path: string, { body, credential, headers }: Request = {}) {
  const response = await fetch(stack.apiUrl + path, {
    method,
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    headers: {
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(credential !== undefined && { authorization: `Bearer ${credential}` }),
      ...headers,
    },
  });
  const text = await response.text();
  const fields = [...response.headers].map((field) => field.join(': ')).join('\n');
  answers.push({
    request: `${method} ${path.split('/').slice(0, 3).join('/')}`,
    status: response.status,
    text: `${fields}\n${text}`,
  });
  return (text.startsWith('{') ? JSON.parse(text) : {}) as Record<string, string>;
}

/** Like `ask`, for what has to succeed. */
async function make(path: string, request: Request) {
  const made = await ask('POST', path, request);
  const { status = 0, text = '' } = answers.at(-1) ?? {};
  if (status !== 201) throw new Error(text);
  return made;
}

/** Uses the product, well and badly, with all of the secrets. */
async function plant(): Promise<void> {
  const { password, nextPassword, wrongPassword, header, patchedHeader, urlPassword, forgedToken } =
    secrets;
  await make('/v1/users', { body: { username: visible, password } });
  secrets['token'] =
    (await make('/v1/sessions', { body: { username: visible, password } }))['token'] ?? '';
  const session = { credential: secrets['token'] };
  const once = { 'idempotency-key': `"${visible}"` };
  const newKey = { ...session, headers: once, body: { name: visible, scopes: ['write'] } };
  secrets['apiKey'] = (await make('/v1/api-keys', newKey))['key'] ?? '';
  await make('/v1/api-keys', newKey);
  const monitor = (path: string) => ({
    name: path,
    url: `${target.url}${path}?${visible}&${inQuery}`,
    intervalSeconds: 1,
    timeoutMs: 500,
    threshold: 0,
    headers: { 'x-secret': header },
  });
  const key = { credential: secrets['apiKey'] };
  const { id } = await make('/v1/monitors', { ...key, headers: once, body: monitor('/watched') });
  await make('/v1/monitors', { ...key, body: monitor('/moved') });
  await make('/v1/monitors', {
    ...key,
    body: { ...monitor('/dead'), url: `http://127.0.0.1:1/?${inQuery}` },
  });
  await until(async () => headersSeen.includes(header), Boolean);
  await ask('PATCH', `/v1/monitors/${id}`, {
    ...key,
    body: { headers: { 'x-secret': patchedHeader } },
  });
  await until(async () => headersSeen.includes(patchedHeader), Boolean);

  await ask('POST', '/v1/sessions', { body: { username: visible, password: wrongPassword } });
  await ask('POST', '/v1/sessions', { body: { username: wrongPassword, password: wrongPassword } });
  await ask('POST', '/v1/sessions', { body: `{"username":"${visible}","password":"${password}",` });
  await ask('POST', '/v1/users', {
    body: { username: visible, password: { is: password }, secret: 1 },
  });
  await ask('POST', '/v1/monitors', {
    ...key,
    body: { ...monitor('/x'), url: `http://user:${urlPassword}@target.test/` },
  });
  await ask('POST', '/v1/monitors', {
    ...key,
    body: { ...monitor('/x'), headers: { 'x-secret': `${header}\n` } },
  });
  await ask('GET', `/v1/monitors?name=${secrets['token']}&cursor=${forgedToken}`, session);
  await ask('GET', `/v1/monitors/${secrets['apiKey']}`, session);
  await ask('GET', `/v1/${secrets['token']}?password=${password}`, session);
  for (const credential of [
    forgedToken,
    `${secrets['token']}x`,
    `${secrets['apiKey']}x`,
    password,
  ]) {
    await ask('GET', '/v1/users/me', { credential });
  }
  for (const path of [
    '/v1/users/me',
    '/v1/monitors',
    `/v1/monitors/${id}`,
    '/v1/api-keys',
    '/openapi.json',
  ]) {
    await ask('GET', path, session);
  }
  await breakDown({ session: session.credential, monitor: monitor('/broken') });
  await ask('PATCH', '/v1/users/me', {
    ...session,
    body: { currentPassword: wrongPassword, password: nextPassword },
  });
  await ask('PATCH', '/v1/users/me', {
    ...session,
    body: { currentPassword: password, password: nextPassword },
  });
  await ask('DELETE', '/v1/users/me', { ...session, body: { currentPassword: wrongPassword } });
}

/** Unforeseen failures are logged, without the request's content. */
async function breakDown({
  session,
  monitor,
}: {
  session: string;
  monitor: object;
}): Promise<void> {
  for (const [table, column] of [
    ['users', 'password_hash'],
    ['sessions', 'expires_at'],
    ['monitors', 'settings'],
    ['api_keys', 'key_hash'],
    ['login_throttles', 'excess'],
  ] as const) {
    await database.query(`ALTER TABLE ${table} RENAME COLUMN ${column} TO gone`);
    const { password, apiKey } = secrets;
    await ask('POST', '/v1/users', { body: { username: `${visible}-2`, password } });
    await ask('POST', '/v1/sessions', { body: { username: visible, password } });
    await ask('POST', '/v1/monitors', { credential: session, body: monitor });
    await ask('POST', '/v1/api-keys', { credential: session, body: { name: 'x' } });
    await ask('GET', '/v1/users/me', { credential: apiKey });
    await ask('PATCH', '/v1/users/me', {
      credential: session,
      body: { currentPassword: password, password },
    });
    await database.query(`ALTER TABLE ${table} RENAME COLUMN gone TO ${column}`);
  }
}

const leaks = (text: string) =>
  Object.keys(secrets).filter((name) => text.includes(secrets[name] ?? ''));

function logs(): string {
  return readdirSync(stack.logDir)
    .map((file) => readFileSync(join(stack.logDir, file), 'utf8'))
    .join('\n');
}

async function dumpDatabase(): Promise<string> {
  const { rows: tables } = await database.query<{ name: string }>(
    `SELECT quote_ident(relname) AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace`,
  );
  const dumps: string[] = [];
  for (const { name } of tables) {
    const { rows } = await database.query<{ line: string }>(
      `SELECT t::text AS line FROM ${name} t`,
    );
    dumps.push(...rows.map(({ line }) => line));
  }
  return dumps.join('\n');
}

describe('no secret', () => {
  test('was missing: each was used, and the target got the values of the headers', () => {
    for (const [name, secret] of Object.entries(secrets))
      expect([name, secret.length]).toEqual([name, expect.any(Number)]);
    expect(Object.values(secrets).every((secret) => secret.length > 20)).toBe(true);
    expect(headersSeen).toEqual(
      expect.arrayContaining([secrets['header'], secrets['patchedHeader']]),
    );
    const statuses = new Set(answers.map(({ status }) => status));
    expect([...statuses].sort()).toEqual(
      expect.arrayContaining([200, 201, 400, 401, 403, 404, 500]),
    );
  });

  test('is in a log', () => {
    const text = logs();
    expect(text).toContain('request failed');
    expect(leaks(text)).toEqual([]);
    expect(text).not.toContain('$argon2id$');
    expect(text).not.toContain(inQuery);
  });

  test('is in the database', async () => {
    const text = await dumpDatabase();
    expect(text).toContain(visible);
    expect(leaks(text)).toEqual([]);
  });

  test('went through Redis, in no job, result or key', () => {
    const text = seenByRedis.join('\n');
    expect(text).toContain(visible);
    expect(leaks(text)).toEqual([]);
  });

  test('is in an answer, but a token and a key in the one that gives them', () => {
    const found = answers.flatMap(({ request, text }) =>
      leaks(text).map((name) => `${request}: ${name}`),
    );
    expect([...new Set(found)].sort()).toEqual([
      'POST /v1/api-keys: apiKey',
      'POST /v1/sessions: token',
    ]);
    expect(answers.filter(({ text }) => /\$argon2id\$|key_hash|prisma|SELECT/i.test(text))).toEqual(
      [],
    );
  });
});
