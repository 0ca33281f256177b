import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startTarget, type Target } from './target-server.ts';

let target: Target;
beforeAll(async () => {
  target = await startTarget();
});
afterAll(() => target.stop());

test('answers as scripted, by path and request number, and logs what it answered', async () => {
  target.respond('/flaky', (requestNumber) => ({
    status: requestNumber === 2 ? 500 : 200,
    body: `answer ${requestNumber}`,
  }));
  const answers = [];
  for (let request = 0; request < 3; request++)
    answers.push(await fetch(`${target.url}/flaky?n=${request}`));
  expect(answers.map(({ status }) => status)).toEqual([200, 500, 200]);
  expect(await answers[2]?.text()).toBe('answer 3');
  expect(target.log.filter(({ path }) => path === '/flaky').map(({ status }) => status)).toEqual([
    200, 500, 200,
  ]);
});

test('logs a request that it never answers without a status', async () => {
  target.respond('/silent', () => 'hang');
  await expect(fetch(`${target.url}/silent`, { signal: AbortSignal.timeout(100) })).rejects.toThrow(
    'timeout',
  );
  expect(target.log.filter(({ path }) => path === '/silent')).toMatchObject([
    { requestNumber: 1, status: null },
  ]);
});

test('breaks the connection when told to', async () => {
  target.respond('/broken', () => 'reset');
  await expect(fetch(`${target.url}/broken`)).rejects.toThrow('fetch failed');
});
