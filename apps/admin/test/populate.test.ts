import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '@gomon/test-support';
import { runAdmin, type Ended } from './run-admin.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

function populate(settings: Record<string, string>): Promise<Ended> {
  const env = {
    DATABASE_URL: database.url,
    POPULATE_URL: 'http://target/',
    MAX_MONITORS_PER_USER: '100000',
    ...settings,
  };
  return runAdmin(['populate'], env);
}

test('brings the number of monitors up to the one that is asked for, and shows the password once', async () => {
  const first = await populate({ POPULATE_MONITORS: '10001' });
  expect(first).toMatchObject({
    code: 0,
    output: expect.stringContaining('10001 added, 0 were there'),
  });
  expect(first.output).toMatch(/Made the user populate with the password \S{24},/);
  const second = await populate({ POPULATE_MONITORS: '10003' });
  expect(second).toMatchObject({
    code: 0,
    output: expect.stringContaining('2 added, 10001 were there'),
  });
  expect(second.output).not.toContain('password');
});

test('refuses more monitors than a user may have, before it has made any', async () => {
  const ended = await populate({ POPULATE_MONITORS: '21', MAX_MONITORS_PER_USER: '' });
  expect(ended).toEqual({
    code: 1,
    output:
      'gomon-admin populate: POPULATE_MONITORS is 21, but MAX_MONITORS_PER_USER allows a user no more than 20\n',
  });
});

test('names what is wrong with its variables', async () => {
  const { code, output } = await populate({
    POPULATE_URL: 'ftp://target',
    POPULATE_INTERVAL_SECONDS: '7',
  });
  expect(code).toBe(1);
  expect(output).toMatch(
    /POPULATE_URL must match.*POPULATE_INTERVAL_SECONDS must be one of 1, 2, 5/,
  );
});
