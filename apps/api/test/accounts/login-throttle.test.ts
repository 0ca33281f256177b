import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createLogger } from '@gomon/runtime';
import { Registry } from 'prom-client';
import { buildApp } from '../../src/app.ts';
import { PASSWORD, send, startTestApi, type TestApi } from '../test-api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.stop());

interface Attempt {
  readonly username: string;
  readonly password?: string;
  readonly from: string;
  readonly token?: string;
  readonly app?: TestApi['app'];
}

function logIn({ username, password = 'wrong password', from, token, app = api.app }: Attempt) {
  return send<{ token: string; code: string }>(app, {
    method: 'POST',
    url: '/v1/sessions',
    remoteAddress: from,
    payload: { username, password },
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
  });
}

let lastAddress = 0;
/** Another one each time. */
const address = () => `127.1.${(lastAddress += 1) >> 8}.${lastAddress & 255}`;

/** A user who has never logged in. */
async function signUp(): Promise<string> {
  const username = `user-${randomUUID()}`;
  await send(api.app, {
    method: 'POST',
    url: '/v1/users',
    remoteAddress: address(),
    payload: { username, password: PASSWORD },
  });
  return username;
}

async function fail(times: number, attempt: (n: number) => Attempt): Promise<number[]> {
  const statuses: number[] = [];
  for (let n = 0; n < times; n++) statuses.push((await logIn(attempt(n))).status);
  return statuses;
}

/** Lets every wait be over. */
const passTime = () => api.sql.query('UPDATE login_throttles SET retry_at = now()');

/** Lets no wait that there is be over before the test is. */
const stopTime = () =>
  api.sql.query(
    `UPDATE login_throttles SET retry_at = retry_at + interval '1 hour' WHERE retry_at > counted_at`,
  );

describe('wrong passwords from one network', () => {
  test('have the next one wait after five, the right one as well, and forget it all once it is right', async () => {
    const [username, from] = [await signUp(), address()];
    expect(await fail(5, () => ({ username, from }))).toEqual([401, 401, 401, 401, 401]);
    await stopTime();
    const refused = await logIn({ username, from, password: PASSWORD });
    expect(refused).toMatchObject({ status: 429, body: { code: 'rate_limited' } });
    expect(refused.headers['retry-after']).toMatch(/^(3601|3600|35\d\d)$/);
    await passTime();
    expect((await logIn({ username, from, password: PASSWORD })).status).toBe(201);
    expect(await fail(5, () => ({ username, from }))).toEqual([401, 401, 401, 401, 401]);
  });

  test('make an unknown name wait with the same answer', async () => {
    const [username, from] = [await signUp(), address()];
    const nobody = `user-${randomUUID()}`;
    for (const name of [username, nobody]) await fail(5, () => ({ username: name, from }));
    await api.sql.query(
      `UPDATE login_throttles SET retry_at = now() + interval '1 day' WHERE retry_at > counted_at`,
    );
    const [known, unknown] = [
      await logIn({ username, from }),
      await logIn({ username: nobody.toUpperCase(), from }),
    ];
    expect([known.status, unknown.status]).toEqual([429, 429]);
    expect(unknown.text).toBe(known.text);
  });

  test('double the wait each time, up to a quarter of an hour, and never longer', async () => {
    const [username, from] = [await signUp(), address()];
    await fail(4, () => ({ username, from }));
    const waits: number[] = [];
    for (let n = 0; n < 13; n++) {
      await passTime();
      expect((await logIn({ username, from })).status).toBe(401);
      const { rows } = await api.sql.query<{ seconds: number }>(
        `SELECT extract(epoch FROM retry_at - counted_at)::float8 AS seconds FROM login_throttles WHERE excess >= -0.5 ORDER BY counted_at DESC LIMIT 1`,
      );
      waits.push(rows[0]?.seconds ?? 0);
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900]);
  });

  test('are forgotten one by one, a quarter of an hour each', async () => {
    const [username, from] = [await signUp(), address()];
    await fail(5, () => ({ username, from }));
    await api.sql.query(
      `UPDATE login_throttles SET retry_at = now(), counted_at = counted_at - interval '30 minutes'`,
    );
    expect(await fail(2, () => ({ username, from }))).toEqual([401, 401]);
    await stopTime();
    expect((await logIn({ username, from })).status).toBe(429);
  });

  test('that were refused do not make the wait longer', async () => {
    const [username, from] = [await signUp(), address()];
    await fail(5, () => ({ username, from }));
    await stopTime();
    const { rows } = await api.sql.query('SELECT * FROM login_throttles ORDER BY key');
    expect(await fail(20, () => ({ username, from }))).toEqual(Array(20).fill(429));
    expect((await api.sql.query('SELECT * FROM login_throttles ORDER BY key')).rows).toEqual(rows);
  });

  test('count for all addresses of an IPv6 /64, and for no other', async () => {
    const username = await signUp();
    await fail(5, (n) => ({ username, from: `2001:db8:0:1::${n}` }));
    await stopTime();
    expect((await logIn({ username, from: '2001:db8:0:1:ffff::1' })).status).toBe(429);
    expect((await logIn({ username, from: '2001:db8:0:2::1' })).status).toBe(401);
  });

  test('count in all processes', async () => {
    const [username, from] = [await signUp(), address()];
    const { db, config } = api;
    const logger = createLogger('api', 'silent');
    const app = await buildApp({ db, config, shardCount: 4, logger, registry: new Registry() });
    await fail(3, () => ({ username, from }));
    await fail(2, () => ({ username, from, app }));
    await stopTime();
    expect((await logIn({ username, from })).status).toBe(429);
    expect((await logIn({ username, from, app })).status).toBe(429);
    await app.close();
  });
});

describe('an attacker who guesses from many networks', () => {
  let username: string;
  let home: string;
  let token: string;
  beforeAll(async () => {
    [username, home] = [await signUp(), address()];
    token = (await logIn({ username, from: home, password: PASSWORD })).body.token;
    expect(await fail(20, () => ({ username, from: address() }))).toEqual(Array(20).fill(401));
    await stopTime();
  });

  test('is stopped in every network that is new to the account, whatever the password', async () => {
    expect((await logIn({ username, from: address(), password: PASSWORD })).status).toBe(429);
  });

  test('does not lock out the owner on a known network', async () => {
    expect((await logIn({ username, from: home })).status).toBe(401);
    expect((await logIn({ username, from: home, password: PASSWORD })).status).toBe(201);
  });

  test('does not lock out the owner with a session, from any network', async () => {
    const from = address();
    expect((await logIn({ username, from, password: PASSWORD })).status).toBe(429);
    expect((await logIn({ username, from, password: PASSWORD, token })).status).toBe(201);
  });

  test('gains nothing by a session of another account', async () => {
    const other = await signUp();
    const { body } = await logIn({ username: other, from: address(), password: PASSWORD });
    expect((await logIn({ username, from: address(), token: body.token })).status).toBe(429);
  });

  test('gets only five failures with a stolen session', async () => {
    expect(await fail(5, () => ({ username, from: address(), token }))).toEqual([
      401, 401, 401, 401, 401,
    ]);
    await stopTime();
    expect((await logIn({ username, from: address(), token })).status).toBe(429);
    expect((await logIn({ username, from: home, password: PASSWORD })).status).toBe(201);
  });
});

describe('an attacker who tries many accounts from one network', () => {
  test('is stopped after thirty, even when logging in to another account in between', async () => {
    const [from, own] = [address(), await signUp()];
    const statuses = await fail(20, (n) => ({ username: `nobody-${n}`, from }));
    expect(statuses).toEqual(Array(20).fill(401));
    for (let n = 0; n < 3; n++)
      expect((await logIn({ username: own, from, password: PASSWORD })).status).toBe(201);
    expect(await fail(10, (n) => ({ username: `no one-${n}`, from }))).toEqual(Array(10).fill(401));
    await stopTime();
    expect((await logIn({ username: 'one more', from })).status).toBe(429);
    expect((await logIn({ username: await signUp(), from, password: PASSWORD })).status).toBe(429);
  });

  test('does not lock out users who have logged in from there before', async () => {
    const [from, resident] = [address(), await signUp()];
    await logIn({ username: resident, from, password: PASSWORD });
    await fail(30, (n) => ({ username: `nobody-${n}`, from }));
    await stopTime();
    expect((await logIn({ username: 'anybody', from })).status).toBe(429);
    expect((await logIn({ username: resident, from, password: PASSWORD })).status).toBe(201);
  });
});

test('neither names nor addresses are stored with the counts', async () => {
  const [username, from] = [await signUp(), address()];
  await logIn({ username: 'a password by mistake', from });
  await logIn({ username, from, password: PASSWORD });
  const { rows } = await api.sql.query(
    'SELECT (SELECT json_agg(t) FROM login_throttles t), (SELECT json_agg(n) FROM known_networks n)',
  );
  expect(JSON.stringify(rows)).not.toMatch(/password|127\.1\.|user-/);
});

test('a storm of logins is refused beyond the queue, and other requests are served meanwhile', async () => {
  const storm = Array.from({ length: 200 }, (_, n) =>
    logIn({ username: `nobody-${n}`, from: address() }),
  );
  let verified = 0;
  const verifiedBefore: number[] = [];
  for (const login of storm) {
    void login.then(({ status }) =>
      status === 401 ? (verified += 1) : verifiedBefore.push(verified),
    );
  }
  expect((await send(api.app, { url: '/healthz' })).status).toBe(200);
  expect(verified).toBeLessThan(10);
  const answers = await Promise.all(storm);
  const refused = answers.filter(({ status }) => status === 503);
  expect(verified + refused.length).toBe(200);
  expect(verified).toBeLessThanOrEqual(52);
  expect(verifiedBefore.filter((count) => count < 10).length).toBeGreaterThanOrEqual(148);
  expect(refused[0]).toMatchObject({
    body: { code: 'unavailable' },
    headers: { 'retry-after': '2' },
  });
});
