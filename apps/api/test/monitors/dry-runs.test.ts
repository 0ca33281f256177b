import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createEncryption } from '@gomon/encryption';
import { endDryRun, takeDryRuns, type TakenDryRun } from '@gomon/persistence';
import { pointersOf, startTestApi, type Client, type TestApi } from '../test-api.ts';

const URL = '/v1/dry-runs';
const DRY_RUN = { url: 'https://shop.example/', timeoutMs: 100 };

let api: TestApi;
let client: Client;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.stop());
beforeEach(async () => {
  await api.sql.query('DELETE FROM dry_runs');
  client = await api.signUp();
});

/** Acts as a scheduler: takes the next dry runs, as soon as there are this many. */
async function taken(count = 1): Promise<TakenDryRun[]> {
  const dryRuns: TakenDryRun[] = [];
  while (dryRuns.length < count) dryRuns.push(...(await takeDryRuns(api.db, 10)));
  return dryRuns;
}

const failure = (monitorId: string, checkedAt = 1_764_000_000_123) =>
  ({
    monitorId,
    slot: 1_764_000_000,
    outcome: 'failure',
    statusCode: 503,
    reason: 'http_status',
    cause: 'unexpected_status',
    causeDetail: 'expected 200, got 503',
    durationMs: 12,
    phases: [1, 2, 3, 4],
    checkedAt,
  }) as const;
const FAILED = {
  outcome: 'failure',
  statusCode: 503,
  reason: 'http_status',
  cause: 'unexpected_status',
  causeDetail: 'expected 200, got 503',
  explanation: 'status 503, expected 200',
  durationMs: 12,
  phases: { dnsMs: 1, connectMs: 2, tlsMs: 3, firstByteMs: 4, restMs: 2 },
  checkedAt: '2025-11-24T16:00:00.123Z',
};

describe('a dry run', () => {
  test('returns what a prober found; other claimed results change nothing', async () => {
    const asked = client.send('POST', URL, DRY_RUN);
    const [dryRun] = await taken();
    expect(dryRun?.settings).toEqual({
      kind: 'http',
      url: 'https://shop.example/',
      method: 'GET',
      headers: {},
      expectedStatus: ['200'],
      bodyContains: null,
      maxBodyBytes: 1_048_576,
      followRedirects: true,
      timeoutMs: 100,
    });
    await endDryRun(api.db, failure(dryRun?.id ?? ''));
    await endDryRun(api.db, { ...failure(dryRun?.id ?? ''), outcome: 'success', reason: null });
    expect(await asked).toMatchObject({ status: 200, body: FAILED });
  });

  test('is taken once, and has its header values encrypted for itself', async () => {
    const asked = client.send('POST', URL, {
      ...DRY_RUN,
      headers: { authorization: 'Bearer marker' },
    });
    const [dryRun] = await taken();
    expect(await takeDryRuns(api.db, 10)).toEqual([]);
    const { rows } = await api.sql.query('SELECT * FROM dry_runs');
    expect(JSON.stringify(rows)).not.toContain('marker');
    const encryption = await createEncryption('k'.repeat(32));
    const { headers } = dryRun?.settings as unknown as { headers: Record<string, string> };
    expect(await encryption.decrypt(headers['authorization'] ?? '', dryRun?.id ?? '')).toBe(
      'Bearer marker',
    );
    await endDryRun(api.db, failure(dryRun?.id ?? ''));
    expect((await asked).status).toBe(200);
  });

  test('that no prober takes is 503, with Retry-After', async () => {
    expect(await client.send('POST', URL, DRY_RUN)).toMatchObject({
      status: 503,
      headers: { 'retry-after': expect.any(String) },
      body: { code: 'unavailable' },
    });
  });

  test('that a prober came too late to try is 503, not a verdict', async () => {
    const asked = client.send('POST', URL, DRY_RUN);
    const [dryRun] = await taken();
    const late = {
      outcome: 'unknown',
      reason: 'expired',
      statusCode: null,
      durationMs: null,
    } as const;
    await endDryRun(api.db, { ...failure(dryRun?.id ?? ''), ...late });
    expect((await asked).status).toBe(503);
  });

  test('with the same Idempotency-Key runs once, with the same answer', async () => {
    const ask = () => client.send('POST', URL, DRY_RUN, { 'idempotency-key': 'once' });
    const first = ask();
    const [dryRun] = await taken();
    await endDryRun(api.db, failure(dryRun?.id ?? ''));
    expect((await first).body).toEqual(FAILED);
    expect(await ask()).toMatchObject({
      status: 200,
      body: FAILED,
      headers: { 'idempotent-replayed': 'true' },
    });
    expect(await takeDryRuns(api.db, 10)).toEqual([]);
  });
});

test.each([
  [{}, '/url'],
  [{ url: 'ftp://shop.example/' }, '/url'],
  [{ url: 'http://127.0.0.1/' }, '/url'],
  [{ url: 'http://169.254.169.254/latest/meta-data' }, '/url'],
  [{ ...DRY_RUN, timeoutMs: 60_001 }, '/timeoutMs'],
  [{ ...DRY_RUN, method: 'HEAD', bodyContains: 'x' }, '/bodyContains'],
  [{ ...DRY_RUN, headers: { Host: 'other.example' } }, '/headers/Host'],
  [{ ...DRY_RUN, headers: { 'X-A': null } }, '/headers/X-A'],
  [{ ...DRY_RUN, intervalSeconds: 10 }, '/intervalSeconds'],
])('a dry run of %j is refused, as a monitor would be, and never tried', async (body, pointer) => {
  const answer = await client.send('POST', URL, body);
  expect(answer.status).toBe(400);
  expect(pointersOf(answer)).toEqual([pointer]);
  expect((await api.sql.query('SELECT FROM dry_runs')).rowCount).toBe(0);
});

test('a user has ten a minute, however many are asked for at once, and others have theirs', async () => {
  const asked = Array.from({ length: 13 }, () => client.send('POST', URL, DRY_RUN));
  const other = api.signUp().then((stranger) => stranger.send('POST', URL, DRY_RUN));
  for (const { id } of await taken(11)) await endDryRun(api.db, failure(id));
  const answers = await Promise.all(asked);
  expect(answers.map(({ status }) => status).sort()).toEqual([
    ...Array<number>(10).fill(200),
    429,
    429,
    429,
  ]);
  const refused = answers.find(({ status }) => status === 429);
  expect(Number(refused?.headers['retry-after'])).toBeGreaterThan(0);
  expect(Number(refused?.headers['retry-after'])).toBeLessThanOrEqual(60);
  expect((await other).status).toBe(200);
});

test('a key that may only read tries nothing', async () => {
  const { body } = await client.send('POST', '/v1/api-keys', { name: 'reader', scopes: ['read'] });
  const answer = await client.send('POST', URL, DRY_RUN, {
    authorization: `Bearer ${String(body['key'])}`,
  });
  expect(answer.status).toBe(403);
});
