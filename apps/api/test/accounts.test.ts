import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { PASSWORD, pointersOf, send, startTestApi, type TestApi } from './test-api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.stop());

const signUp = (payload: unknown) => send(api.app, { method: 'POST', url: '/v1/users', payload: payload as object });
const logIn = (payload: unknown) => send(api.app, { method: 'POST', url: '/v1/sessions', payload: payload as object });

describe('signing up', () => {
  test('answers with the account, and never with the password', async () => {
    const answer = await signUp({ username: 'Ada.L+1@x_y-z', password: PASSWORD });
    expect(answer.status).toBe(201);
    expect(Object.keys(answer.body)).toEqual(['id', 'username', 'createdAt']);
    expect(answer.body).toMatchObject({ username: 'Ada.L+1@x_y-z', createdAt: expect.stringMatching(/^\d{4}-.*Z$/) });
    const { rows } = await api.sql.query<{ password_hash: string }>('SELECT password_hash FROM users WHERE username = $1', [
      'Ada.L+1@x_y-z',
    ]);
    expect(rows[0]?.password_hash).toMatch(/^\$argon2id\$v=19\$/);
  });

  test('refuses a name that is taken, whatever its case', async () => {
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

  test('makes one account when the same name signs up many times at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, i) => signUp({ username: i % 2 ? 'alan' : 'ALAN', password: PASSWORD })),
    );
    expect(answers.map((answer) => answer.status).sort()).toEqual([201, 409, 409, 409, 409, 409, 409, 409]);
  });

  test('names every fault with its place', async () => {
    const answer = await signUp({ username: 'a b', password: '1234567', role: 'admin' });
    expect(answer.status).toBe(400);
    expect(answer.body['code']).toBe('validation_failed');
    expect(pointersOf(answer)).toEqual(['/password', '/role', '/username']);
    expect(pointersOf(await signUp({}))).toEqual(['/password', '/username']);
  });

  test.each(['1', '1234567', 'x'.repeat(129), 'half \ud800 of one'])('refuses the password %j', async (password) => {
    expect(pointersOf(await signUp({ username: 'somebody', password }))).toEqual(['/password']);
  });

  test.each([' spaces kept ', 'x'.repeat(128), 'nul \0 inside', '🐎🐎🐎🐎🐎🐎🐎🐎'])(
    'keeps the password %j exactly',
    async (password) => {
      const username = `u${Buffer.from(password).toString('hex').slice(0, 40)}`;
      expect((await signUp({ username, password })).status).toBe(201);
      expect((await logIn({ username, password })).status).toBe(201);
      expect((await logIn({ username, password: [...password.trim()].slice(0, -1).join('') })).status).toBe(401);
    },
  );
});

describe('logging in', () => {
  test('gives a token for 24 hours, whatever the case of the name', async () => {
    await signUp({ username: 'edsger', password: PASSWORD });
    const { status, body } = await logIn({ username: 'Edsger', password: PASSWORD });
    expect(status).toBe(201);
    expect(body).toEqual({ token: expect.any(String), tokenType: 'Bearer', expiresAt: expect.any(String) });
    const hours = (Date.parse(body['expiresAt'] as string) - Date.now()) / 3_600_000;
    expect(hours).toBeGreaterThan(23.9);
    expect(hours).toBeLessThan(24.1);
  });

  test('answers alike to a wrong password, an unknown name and a malformed stored hash', async () => {
    await signUp({ username: 'donald', password: PASSWORD });
    await signUp({ username: 'broken', password: PASSWORD });
    await api.sql.query(`UPDATE users SET password_hash = '$argon2id$nonsense' WHERE username = 'broken'`);
    const answers = await Promise.all([
      logIn({ username: 'donald', password: 'wrong password' }),
      logIn({ username: 'nobody', password: 'wrong password' }),
      logIn({ username: 'broken', password: PASSWORD }),
    ]);
    expect(answers.map((answer) => answer.status)).toEqual([401, 401, 401]);
    expect(new Set(answers.map((answer) => answer.text)).size).toBe(1);
    expect(answers[0]?.headers['www-authenticate']).toBe('Bearer');
  });

  test('removes the expired sessions of the user', async () => {
    const client = await api.signUp();
    await api.sql.query(`UPDATE sessions SET expires_at = now() - interval '1 minute' WHERE user_id = $1`, [client.userId]);
    expect((await client.send('GET', '/v1/users/me')).status).toBe(401);
    const { rows } = await api.sql.query<{ username: string }>('SELECT username FROM users WHERE id = $1', [client.userId]);
    await logIn({ username: rows[0]?.username, password: PASSWORD });
    expect((await api.sql.query('SELECT FROM sessions WHERE user_id = $1', [client.userId])).rowCount).toBe(1);
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
