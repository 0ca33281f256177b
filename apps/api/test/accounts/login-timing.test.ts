import { afterAll, beforeAll, expect, test } from '@jest/globals';
import argon2 from 'argon2';
import { send, startTestApi, type TestApi } from '../test-api.ts';

const SAMPLES = 40;
/** In standard deviations of the rank sum: by chance alone, one run in a million is beyond. */
const MAX_DEVIATION = 5;

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
  const hash = await argon2.hash('the right password', {
    memoryCost: 19_456,
    timeCost: 2,
    parallelism: 1,
  });
  await api.sql.query(
    `INSERT INTO users (id, username, password_hash) SELECT gen_random_uuid(), 'known-' || n, $1 FROM generate_series(0, $2) n`,
    [hash, SAMPLES],
  );
});
afterAll(() => api.stop());

/** How long a wrong password takes; each from a different address, so that none has to wait. */
async function timeLogin(username: string, address: number): Promise<number> {
  const payload = { username, password: 'a wrong password' };
  const startedAt = performance.now();
  const { status } = await send(api.app, {
    method: 'POST',
    url: '/v1/sessions',
    remoteAddress: `127.2.${address >> 8}.${address & 255}`,
    payload,
  });
  expect(status).toBe(401);
  return performance.now() - startedAt;
}

/** Mann and Whitney's U of two samples of this size, as its distance from the mean in standard deviations. */
function rankDeviation(one: readonly number[], other: readonly number[]): number {
  const u = one.reduce(
    (sum, a) => sum + other.filter((b) => b < a).length + other.filter((b) => b === a).length / 2,
    0,
  );
  const pairs = one.length * other.length;
  return (u - pairs / 2) / Math.sqrt((pairs * (one.length + other.length + 1)) / 12);
}

const median = (sample: readonly number[]) =>
  [...sample].sort((a, b) => a - b)[sample.length >> 1] ?? 0;

test('a wrong password takes as long for an unknown name as for a known one', async () => {
  const times: Record<'known' | 'unknown', number[]> = { known: [], unknown: [] };
  for (let n = 0; n <= SAMPLES; n++) {
    const order = n % 2 ? (['known', 'unknown'] as const) : (['unknown', 'known'] as const);
    for (const [place, kind] of order.entries())
      times[kind].push(await timeLogin(`${kind}-${n}`, 2 * n + place));
  }
  const [known, unknown] = [times.known.slice(1), times.unknown.slice(1)]; // The first one warms up.
  const deviation = rankDeviation(known, unknown);
  console.log(
    `${SAMPLES} logins each: median ${median(known).toFixed(1)} ms for names that exist, ${median(unknown).toFixed(1)} ms for names ` +
      `that do not; rank sums ${deviation.toFixed(2)} standard deviations apart`,
  );
  expect(Math.abs(deviation)).toBeLessThan(MAX_DEVIATION);
});

test('the comparison detects samples that differ', () => {
  const sample = Array.from({ length: SAMPLES }, (_, n) => 40 + (n % 20));
  expect(Math.abs(rankDeviation(sample, sample))).toBeLessThan(0.01);
  expect(
    Math.abs(
      rankDeviation(
        sample,
        sample.map((ms) => ms + 12),
      ),
    ),
  ).toBeGreaterThan(MAX_DEVIATION);
});
