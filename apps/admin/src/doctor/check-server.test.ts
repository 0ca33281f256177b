import { expect, test } from '@jest/globals';
import { judgeServer } from './check-server.ts';

test.each([
  [17, 'fault'],
  [18, 'ok'],
  [19, 'ok'],
])('PostgreSQL %s is judged: %s', (majorVersion, verdict) => {
  expect(judgeServer({ version: `${majorVersion}.1`, majorVersion, role: 'gomon' })).toMatchObject({
    verdict,
  });
});
