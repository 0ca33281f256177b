import { createHmac, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { JWT_SECRET, send, startTestApi, type Client, type TestApi } from './test-api.ts';

let api: TestApi;
let client: Client;
let sessionId: string;
beforeAll(async () => {
  api = await startTestApi();
  client = await api.signUp();
  const { rows } = await api.sql.query<{ id: string }>('SELECT id FROM sessions WHERE user_id = $1', [client.userId]);
  sessionId = rows[0]?.id ?? '';
});
afterAll(() => api.stop());

const encode = (part: unknown) => Buffer.from(JSON.stringify(part)).toString('base64url');

function sign(header: object, payload: unknown, { secret = JWT_SECRET, hash = 'sha256' } = {}): string {
  const text = `${encode({ alg: 'HS256', typ: 'JWT', ...header })}.${encode(payload)}`;
  return `${text}.${createHmac(hash, secret).update(text).digest('base64url')}`;
}

function claims(changes: Record<string, unknown> = {}): Record<string, unknown> {
  const now = Math.floor(Date.now() / 1000);
  return { sub: client.userId, jti: sessionId, iss: 'gomon', aud: 'gomon', iat: now, exp: now + 600, ...changes };
}

function without(name: string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(claims()).filter(([claim]) => claim !== name));
}

const ask = (authorization?: string) =>
  send(api.app, { method: 'GET', url: '/v1/users/me', headers: authorization === undefined ? {} : { authorization } });

const SECONDS_AHEAD = () => Math.floor(Date.now() / 1000) + 600;

describe('a token', () => {
  test('is good when it is signed with the secret and names a session that is alive', async () => {
    expect((await ask(`Bearer ${client.token}`)).status).toBe(200);
    expect((await ask(`Bearer ${sign({}, claims())}`)).status).toBe(200);
    expect((await ask(`bearer ${sign({}, claims())}`)).status).toBe(200);
  });

  const hostile: [string, () => string][] = [
    ['of another algorithm', () => sign({ alg: 'HS512' }, claims(), { hash: 'sha512' })],
    ['of the algorithm none', () => `${encode({ alg: 'none', typ: 'JWT' })}.${encode(claims())}.`],
    ['of an algorithm that does not exist', () => sign({ alg: 'XX1' }, claims())],
    ['without an algorithm', () => sign({ alg: undefined }, claims())],
    ['signed with another secret', () => sign({}, claims(), { secret: 'x'.repeat(40) })],
    ['without a signature', () => sign({}, claims()).replace(/[^.]+$/, '')],
    ['whose claims were changed', () => sign({}, claims()).replace(/\.[^.]+\./, `.${encode(claims({ sub: randomUUID() }))}.`)],
    ['with a critical extension', () => sign({ crit: ['b64'], b64: false }, claims())],
    ['of another type', () => sign({ typ: 'at+jwt' }, claims())],
    ['without a type', () => sign({ typ: undefined }, claims())],
    ['that is not active yet', () => sign({}, claims({ nbf: SECONDS_AHEAD() }))],
    ['that has expired', () => sign({}, claims({ exp: SECONDS_AHEAD() - 1200 }))],
    ['whose end is text', () => sign({}, claims({ exp: String(SECONDS_AHEAD()) }))],
    [
      'whose end is beyond numbers',
      () => sign({}, claims()).replace(/\.[^.]+\./, `.${Buffer.from('{"exp":1e999}').toString('base64url')}.`),
    ],
    ['from the future', () => sign({}, claims({ iat: SECONDS_AHEAD() }))],
    ['of another issuer', () => sign({}, claims({ iss: 'other' }))],
    ['for another audience', () => sign({}, claims({ aud: 'other' }))],
    ['whose user is no id', () => sign({}, claims({ sub: 'admin' }))],
    ['whose user is a number', () => sign({}, claims({ sub: 7 }))],
    ['whose session is no id', () => sign({}, claims({ jti: "' OR 1=1" }))],
    ['whose session does not exist', () => sign({}, claims({ jti: randomUUID() }))],
    ['whose session is another user’s', () => sign({}, claims({ sub: randomUUID() }))],
    ['whose payload is text', () => sign({}, 'text')],
    ['whose payload is null', () => sign({}, null)],
    ['whose payload is a list', () => sign({}, [])],
    ['that is no token', () => 'garbage'],
    ['that is dots', () => '..'],
    ['that is long', () => 'a'.repeat(8000)],
    ...['sub', 'jti', 'iss', 'aud', 'iat', 'exp'].map((name): [string, () => string] => [
      `without "${name}"`,
      () => sign({}, without(name)),
    ]),
  ];

  test.each(hostile)('%s is refused like any other', async (_, token) => {
    const answer = await ask(`Bearer ${token()}`);
    expect(answer.status).toBe(401);
    expect(answer.headers['www-authenticate']).toBe('Bearer');
    expect(answer.text).toBe((await ask()).text);
  });

  test.each([undefined, '', 'Bearer', 'Bearer ', 'Basic dTpw', 'Bearer a b'])('is missed in the field %j', async (field) => {
    expect((await ask(field)).status).toBe(401);
  });
});
