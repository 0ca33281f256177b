import { createHmac, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { createLogger, loadConfig } from '@gomon/runtime';
import type { FastifyInstance } from 'fastify';
import { Registry } from 'prom-client';
import { buildApp } from '../../src/app.ts';
import { ApiConfigSchema, type ApiConfig } from '../../src/config.ts';
import {
  JWT_SECRET,
  PASSWORD,
  send,
  startTestApi,
  type Client,
  type TestApi,
} from '../test-api.ts';

let api: TestApi;
let client: Client;
let sessionId: string;
let kid: string;
beforeAll(async () => {
  api = await startTestApi();
  client = await api.signUp();
  const { rows } = await api.sql.query<{ id: string }>(
    'SELECT id FROM sessions WHERE user_id = $1',
    [client.userId],
  );
  sessionId = rows[0]?.id ?? '';
  kid = headerOf(client.token).kid;
});
afterAll(() => api.stop());

const headerOf = (token: string) =>
  JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()) as {
    alg: string;
    typ: string;
    kid: string;
  };

const encode = (part: unknown) => Buffer.from(JSON.stringify(part)).toString('base64url');

function sign(
  header: object,
  payload: unknown,
  { secret = JWT_SECRET, hash = 'sha256' } = {},
): string {
  const text = `${encode({ alg: 'HS256', typ: 'JWT', kid, ...header })}.${encode(payload)}`;
  return `${text}.${createHmac(hash, secret).update(text).digest('base64url')}`;
}

function claims(changes: Record<string, unknown> = {}): Record<string, unknown> {
  const now = Math.floor(Date.now() / 1000);
  return {
    sub: client.userId,
    jti: sessionId,
    iss: 'gomon',
    aud: 'gomon',
    iat: now,
    exp: now + 600,
    ...changes,
  };
}

function without(name: string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(claims()).filter(([claim]) => claim !== name));
}

const ask = (authorization?: string) =>
  send(api.app, {
    method: 'GET',
    url: '/v1/users/me',
    headers: authorization === undefined ? {} : { authorization },
  });

const SECONDS_AHEAD = () => Math.floor(Date.now() / 1000) + 600;

describe('a token', () => {
  test('is valid when it is signed with the secret and names a valid session', async () => {
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
    ['signed with the key’s name', () => sign({}, claims(), { secret: kid })],
    ['that names another key', () => sign({ kid: 'another0' }, claims())],
    ['that names a key by a path', () => sign({ kid: '../../dev/null' }, claims(), { secret: '' })],
    ['that names its key by a list', () => sign({ kid: [kid] }, claims())],
    ['that names no key', () => sign({ kid: undefined }, claims())],
    [
      'that brings its own key',
      () =>
        sign({ kid: undefined, jwk: { kty: 'oct', k: encode('x') } }, claims(), { secret: 'x' }),
    ],
    ['without a signature', () => sign({}, claims()).replace(/[^.]+$/, '')],
    [
      'whose claims were changed',
      () => sign({}, claims()).replace(/\.[^.]+\./, `.${encode(claims({ sub: randomUUID() }))}.`),
    ],
    ['with a critical extension', () => sign({ crit: ['b64'], b64: false }, claims())],
    ['of another type', () => sign({ typ: 'at+jwt' }, claims())],
    ['without a type', () => sign({ typ: undefined }, claims())],
    ['that is not active yet', () => sign({}, claims({ nbf: SECONDS_AHEAD() }))],
    ['that has expired', () => sign({}, claims({ exp: SECONDS_AHEAD() - 1200 }))],
    ['whose end is a list', () => sign({}, claims({ exp: [SECONDS_AHEAD()] }))],
    ['whose start is text', () => sign({}, claims({ iat: String(SECONDS_AHEAD() - 600) }))],
    ['whose activity is text', () => sign({}, claims({ nbf: 'now' }))],
    ['whose end is text', () => sign({}, claims({ exp: String(SECONDS_AHEAD()) }))],
    [
      'with an infinite expiry',
      () =>
        sign({}, claims()).replace(
          /\.[^.]+\./,
          `.${Buffer.from('{"exp":1e999}').toString('base64url')}.`,
        ),
    ],
    ['from the future', () => sign({}, claims({ iat: SECONDS_AHEAD() }))],
    ['of another issuer', () => sign({}, claims({ iss: 'other' }))],
    ['of several issuers', () => sign({}, claims({ iss: ['gomon', 'other'] }))],
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
    ['that is an API key of nobody', () => `gomon_${'a'.repeat(8)}_${'b'.repeat(43)}`],
    ['that is dots', () => '../..'],
    ['that is long', () => 'a'.repeat(8000)],
    ['that is long, though it is true', () => sign({}, claims({ padding: 'x'.repeat(4000) }))],
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

  test.each([undefined, '', 'Bearer', 'Bearer ', 'Basic dTpw', 'Bearer a b'])(
    'is missed in the field %j',
    async (field) => {
      expect((await ask(field)).status).toBe(401);
    },
  );
});

describe('a token that was good', () => {
  test('is refused when its time has come, though its session is alive', async () => {
    const authorization = `Bearer ${sign({}, claims())}`;
    expect((await ask(authorization)).status).toBe(200);
    const clock = jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 606_000);
    try {
      expect((await ask(authorization)).status).toBe(401);
    } finally {
      clock.mockRestore();
    }
    expect((await ask(authorization)).status).toBe(200);
  });

  test('is refused when its session has ended, expired or belongs to another user, or its user was deleted', async () => {
    const [ended, expired, moved, gone] = [
      await api.signUp(),
      await api.signUp(),
      await api.signUp(),
      await api.signUp(),
    ];
    await ended.send('DELETE', '/v1/sessions/current');
    await api.sql.query(`UPDATE sessions SET expires_at = now() WHERE user_id = $1`, [
      expired.userId,
    ]);
    await api.sql.query(`UPDATE sessions SET user_id = $1 WHERE user_id = $2`, [
      client.userId,
      moved.userId,
    ]);
    await api.sql.query(`DELETE FROM users WHERE id = $1`, [gone.userId]);
    for (const { token } of [ended, expired, moved, gone]) {
      expect(await ask(`Bearer ${token}`)).toMatchObject({
        status: 401,
        headers: { 'www-authenticate': 'Bearer' },
      });
    }
  });
});

describe('another secret', () => {
  const NEXT = 'the next secret, also of 32 bytes or more';
  const apps: FastifyInstance[] = [];
  afterAll(() => Promise.all(apps.map((app) => app.close())));

  /** Another process of the same service. */
  async function startWith(secrets: Partial<ApiConfig>): Promise<FastifyInstance> {
    const config = { ...api.config, ...secrets };
    const logger = createLogger('api', 'silent');
    apps.push(
      await buildApp({ db: api.db, config, shardCount: 4, logger, registry: new Registry() }),
    );
    return apps.at(-1) as FastifyInstance;
  }

  async function logInAt(app: FastifyInstance): Promise<string> {
    const payload = {
      username: (await ask(`Bearer ${client.token}`)).body['username'],
      password: PASSWORD,
    };
    return String(
      (await send(app, { method: 'POST', url: '/v1/sessions', payload })).body['token'],
    );
  }

  test('signs from now on, and tokens of the previous one stay valid while that is configured', async () => {
    const rotated = await startWith({ JWT_SECRET: NEXT, JWT_SECRET_PREVIOUS: JWT_SECRET });
    const ended = await startWith({ JWT_SECRET: NEXT });
    const statusAt = async (app: FastifyInstance, token: string) =>
      (await send(app, { url: '/v1/users/me', headers: { authorization: `Bearer ${token}` } }))
        .status;
    const next = await logInAt(rotated);
    expect(headerOf(next).kid).not.toBe(kid);
    expect(await statusAt(rotated, client.token)).toBe(200);
    expect(await statusAt(rotated, next)).toBe(200);
    expect(await statusAt(ended, client.token)).toBe(401);
    expect(await statusAt(ended, next)).toBe(200);
    expect(await statusAt(api.app, next)).toBe(401);
  });

  test('is not mistaken for the one before it', async () => {
    const rotated = await startWith({ JWT_SECRET: NEXT, JWT_SECRET_PREVIOUS: JWT_SECRET });
    const nextKid = headerOf(await logInAt(rotated)).kid;
    for (const token of [sign({ kid: nextKid }, claims()), sign({}, claims(), { secret: NEXT })]) {
      expect(
        (
          await send(rotated, {
            url: '/v1/users/me',
            headers: { authorization: `Bearer ${token}` },
          })
        ).status,
      ).toBe(401);
    }
  });
});

test('the service does not start with a short secret', async () => {
  for (const [name, value] of [
    ['JWT_SECRET', 's'.repeat(31)],
    ['JWT_SECRET_PREVIOUS', 's'.repeat(31)],
    ['SECRETS_KEY', 's'.repeat(31)],
    ['SECRETS_KEY_PREVIOUS', 's'.repeat(31)],
  ] as const) {
    const environment = {
      DATABASE_URL: 'postgresql://db',
      JWT_SECRET,
      SECRETS_KEY: JWT_SECRET,
      [name]: value,
    };
    expect(() => loadConfig(ApiConfigSchema, environment)).toThrow(
      new RegExp(`^Configuration: ${name} `),
    );
  }
});
