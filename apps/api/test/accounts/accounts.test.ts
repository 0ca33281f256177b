import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import argon2 from 'argon2';
import { createSession } from '@gomon/persistence';
import { PASSWORD, pointersOf, send, startTestApi, type TestApi } from '../test-api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.stop());

const signUp = (payload: unknown) =>
  send(api.app, { method: 'POST', url: '/v1/users', payload: payload as object });

let lastAddress = 0;
/** Each time from another address: one that fails too often has to wait. */
const logIn = (payload: unknown) =>
  send(api.app, {
    method: 'POST',
    url: '/v1/sessions',
    payload: payload as object,
    remoteAddress: `127.0.1.${(lastAddress += 1)}`,
  });

describe('signing up', () => {
  test('answers with the account, and never with the password', async () => {
    const answer = await signUp({ username: 'Ada.L+1@x_y-z', password: PASSWORD });
    expect(answer.status).toBe(201);
    expect(Object.keys(answer.body)).toEqual(['id', 'username', 'createdAt']);
    expect(answer.body).toMatchObject({
      username: 'Ada.L+1@x_y-z',
      createdAt: expect.stringMatching(/^\d{4}-.*Z$/),
    });
    const { rows } = await api.sql.query<{ password_hash: string }>(
      'SELECT password_hash FROM users WHERE username = $1',
      ['Ada.L+1@x_y-z'],
    );
    expect(rows[0]?.password_hash).toMatch(/^\$argon2id\$v=19\$/);
  });

  test('refuses a taken name in any case', async () => {
    await signUp({ username: 'grace', password: PASSWORD });
    const answer = await signUp({ username: 'GRACE', password: PASSWORD });
    expect(answer.status).toBe(409);
    expect(answer.body).toEqual({
      type: 'urn:gomon:username_taken',
      title: 'The username is taken',
      status: 409,
      detail: 'This username is taken.',
      code: 'username_taken',
    });
    expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
  });

  test('creates one account when the same name signs up many times at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, i) =>
        signUp({ username: i % 2 ? 'alan' : 'ALAN', password: PASSWORD }),
      ),
    );
    expect(answers.map((answer) => answer.status).sort()).toEqual([
      201, 409, 409, 409, 409, 409, 409, 409,
    ]);
  });

  test('names every fault with its place', async () => {
    const answer = await signUp({ username: 'a b', password: '1234567', role: 'admin' });
    expect(answer.status).toBe(400);
    expect(answer.body['code']).toBe('validation_failed');
    expect(pointersOf(answer)).toEqual(['/password', '/role', '/username']);
    expect(pointersOf(await signUp({}))).toEqual(['/password', '/username']);
  });

  test.each([
    '1',
    '1234567',
    '🐎🐎🐎🐎',
    'xy'.repeat(65),
    '🐎🐴'.repeat(65),
    'x'.repeat(3000),
    'half \ud800 of one',
  ])('refuses the password %j', async (password) => {
    expect(pointersOf(await signUp({ username: 'somebody', password }))).toEqual(['/password']);
  });

  test.each(['password', 'PassWord1', 'trustno1', '1234567890', 'iloveyou'])(
    'refuses the common password %j',
    async (password) => {
      const answer = await signUp({ username: 'somebody', password });
      expect(answer.status).toBe(400);
      expect(answer.body['errors']).toEqual([{ pointer: '/password', message: 'is too common' }]);
    },
  );

  test.each(['Some.Body', 'SOME.BODY', '🐎🐎🐎🐎🐎🐎🐎🐎', 'xXxXxXxXxX', '        '])(
    'refuses the password %j, which is the username or one repeated character',
    async (password) => {
      const answer = await signUp({ username: 'some.body', password });
      expect(answer).toMatchObject({
        status: 400,
        body: { errors: [{ pointer: '/password', message: expect.stringMatching(/^must not/) }] },
      });
    },
  );

  test('and logging in take bodies of 4 kB at most', async () => {
    const credentials = { username: 'u', password: 'x'.repeat(5000) };
    for (const answer of [await signUp(credentials), await logIn(credentials)])
      expect(answer).toMatchObject({ status: 413, body: { code: 'body_too_large' } });
    const long = { username: 'a'.repeat(64), password: '🐎🐴'.repeat(64) };
    const escaped = JSON.stringify(long).replaceAll(
      /[^\0-\x7f]/g,
      (half) => `\\u${half.charCodeAt(0).toString(16)}`,
    );
    const headers = { 'content-type': 'application/json' };
    expect(
      (await send(api.app, { method: 'POST', url: '/v1/users', payload: escaped, headers })).status,
    ).toBe(201);
  });

  test.each([
    ' spaces kept ',
    'xy'.repeat(64),
    '🐎🐴'.repeat(64),
    'nul \0 inside',
    'nul last \0',
    'e\u0301 is not \u00e9',
  ])('keeps the password %j exactly', async (password) => {
    const username = `u${Buffer.from(password).toString('hex').slice(0, 40)}`;
    expect((await signUp({ username, password })).status).toBe(201);
    expect((await logIn({ username, password })).status).toBe(201);
    for (const other of [
      password.trim().slice(0, -2),
      password.split('\0')[0],
      password.normalize(),
      password.toUpperCase(),
    ]) {
      if (other !== password)
        expect({ other, ...(await logIn({ username, password: other })) }).toMatchObject({
          status: 401,
        });
    }
  });
});

describe('logging in', () => {
  test('gives a token for 24 hours, whatever the case of the name', async () => {
    await signUp({ username: 'edsger', password: PASSWORD });
    const { status, body } = await logIn({ username: 'Edsger', password: PASSWORD });
    expect(status).toBe(201);
    expect(body).toEqual({
      token: expect.any(String),
      tokenType: 'Bearer',
      expiresAt: expect.any(String),
    });
    const hours = (Date.parse(body['expiresAt'] as string) - Date.now()) / 3_600_000;
    expect(hours).toBeGreaterThan(23.9);
    expect(hours).toBeLessThan(24.1);
  });

  test('gives the same answer for a wrong password, an unknown name and a malformed stored hash', async () => {
    await signUp({ username: 'donald', password: PASSWORD });
    const answers = [
      await logIn({ username: 'donald', password: 'wrong password' }),
      await logIn({ username: 'nobody', password: 'wrong password' }),
    ];
    const good = await argon2.hash(PASSWORD);
    for (const [n, hash] of [
      '',
      PASSWORD,
      '$argon2id$nonsense',
      good.slice(0, -1),
      good.replace('m=65536', 'm=4294967295'),
      good.replace('argon2id', 'argon2x'),
    ].entries()) {
      await signUp({ username: `broken-${n}`, password: PASSWORD });
      await api.sql.query('UPDATE users SET password_hash = $1 WHERE username = $2', [
        hash,
        `broken-${n}`,
      ]);
      answers.push(await logIn({ username: `broken-${n}`, password: PASSWORD }));
    }
    expect(answers.map((answer) => answer.status)).toEqual(Array(8).fill(401));
    expect(new Set(answers.map((answer) => answer.text)).size).toBe(1);
    expect(answers[0]?.headers['www-authenticate']).toBe('Bearer');
  });

  test('stores a password that was hashed at another cost at the cost of today', async () => {
    await signUp({ username: 'barbara', password: PASSWORD });
    const read = async () =>
      (
        await api.sql.query<{ hash: string }>(
          `SELECT password_hash AS hash FROM users WHERE username = 'barbara'`,
        )
      ).rows[0]?.hash;
    const cheap = await argon2.hash(PASSWORD, { memoryCost: 8192, timeCost: 1, parallelism: 1 });
    await api.sql.query(`UPDATE users SET password_hash = $1 WHERE username = 'barbara'`, [cheap]);
    expect((await logIn({ username: 'barbara', password: 'wrong password' })).status).toBe(401);
    expect(await read()).toBe(cheap);
    expect((await logIn({ username: 'barbara', password: PASSWORD })).status).toBe(201);
    const renewed = await read();
    expect(renewed).toMatch(
      /^\$argon2id\$v=19\$m=19456,p=1,t=2\$|^\$argon2id\$v=19\$m=19456,t=2,p=1\$/,
    );
    expect((await logIn({ username: 'barbara', password: PASSWORD })).status).toBe(201);
    expect(await read()).toBe(renewed);
  });

  test('opens no session when the password has changed since it was looked at', async () => {
    const { userId } = await api.signUp();
    expect(await createSession(api.db, { userId, passwordHash: 'of before' }, 60)).toBeNull();
  });

  test('removes the expired sessions of the user', async () => {
    const client = await api.signUp();
    await api.sql.query(
      `UPDATE sessions SET expires_at = now() - interval '1 minute' WHERE user_id = $1`,
      [client.userId],
    );
    expect((await client.send('GET', '/v1/users/me')).status).toBe(401);
    const { rows } = await api.sql.query<{ username: string }>(
      'SELECT username FROM users WHERE id = $1',
      [client.userId],
    );
    await logIn({ username: rows[0]?.username, password: PASSWORD });
    expect(
      (await api.sql.query('SELECT FROM sessions WHERE user_id = $1', [client.userId])).rowCount,
    ).toBe(1);
  });
});

describe('an account', () => {
  test('says who it is and how many monitors it may have', async () => {
    const client = await api.signUp();
    expect((await client.send('GET', '/v1/users/me')).body).toMatchObject({
      id: client.userId,
      monitorCount: 0,
      monitorLimit: 20,
    });
  });

  test('is closed to its token as soon as it logs out, and open to another session of it', async () => {
    const client = await api.signUp();
    const other = await api.signUp();
    const answer = await client.send('DELETE', '/v1/sessions/current');
    expect(answer).toMatchObject({ status: 204, text: '' });
    expect((await client.send('GET', '/v1/users/me')).status).toBe(401);
    expect((await client.send('DELETE', '/v1/sessions/current')).status).toBe(401);
    expect((await other.send('GET', '/v1/users/me')).status).toBe(200);
  });
});
