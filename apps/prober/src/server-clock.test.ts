import { afterEach, expect, jest, test } from '@jest/globals';
import { createServerClock } from './server-clock.ts';

const onFault = () => undefined;
const YEAR_2040_SECONDS = 2_208_988_800;

/** A Redis with its clock in the year 2040 that answers by `answer`. */
const redisThat = (answer: () => Promise<void>) => ({
  time: async () => {
    await answer();
    return [YEAR_2040_SECONDS, 500_000];
  },
});

afterEach(() => {
  jest.useRealTimers();
});

test("gives the server's time, whatever this machine's clock says", async () => {
  const clock = createServerClock(
    redisThat(async () => undefined),
    onFault,
  );
  await clock.start();
  clock.stop();
  const ahead = clock.now() - (YEAR_2040_SECONDS * 1000 + 500);
  expect(ahead).toBeGreaterThanOrEqual(-1);
  expect(ahead).toBeLessThan(5000);
});

test('has not started until the server has given its time', async () => {
  let asked = 0;
  const clock = createServerClock(
    redisThat(async () => {
      if (++asked < 3) throw new Error('no connection');
    }),
    onFault,
  );
  expect(() => clock.now()).toThrow('not started');
  await clock.start();
  clock.stop();
  expect(asked).toBe(3);
});

test('continues from the last known time when the server does not answer', async () => {
  jest.useFakeTimers();
  let asked = 0;
  const clock = createServerClock(
    redisThat(async () => {
      if (++asked > 1) throw new Error('no connection');
    }),
    onFault,
  );
  await clock.start();
  const before = clock.now();
  await jest.advanceTimersByTimeAsync(25_000);
  clock.stop();
  expect(asked).toBe(3);
  expect(clock.now() - before).toBe(25_000);
});
