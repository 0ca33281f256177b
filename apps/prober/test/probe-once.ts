import { expect } from '@jest/globals';
import { type FailureReason, type Outcome, type Reason, type UnknownReason } from '@gomon/domain';
import { createEncryption } from '@gomon/encryption';
import { createDial, parseNetworks } from '@gomon/egress';
import type { ProbeTarget } from '@gomon/queue-contracts';
import { createLogger } from '@gomon/runtime';
import { createHttpProbe } from '../src/probes/http/probe.ts';
import type { Finding } from '../src/probes/probe.ts';

export const SECRETS_KEY = 'k'.repeat(43);
export const MONITOR_ID = '0190b0a0-0000-7000-8000-000000000001';

export const targetOf = (
  url: string,
  settings: Partial<ProbeTarget<'http'>> = {},
): ProbeTarget<'http'> => ({
  monitorId: MONITOR_ID,
  kind: 'http',
  url,
  intervalSeconds: 60,
  timeoutMs: 3000,
  method: 'GET',
  headers: {},
  expectedStatus: ['200'],
  bodyContains: null,
  maxBodyBytes: 1_048_576,
  followRedirects: true,
  ...settings,
});

export async function probeAllowing(networks: string) {
  const dial = createDial(parseNetworks(networks));
  return createHttpProbe({
    dial,
    encryption: await createEncryption(SECRETS_KEY),
    logger: createLogger('prober', 'silent'),
  });
}

/** One probe that may reach loopback addresses. */
export async function probeOnce(
  url: string,
  settings: Partial<ProbeTarget<'http'>> = {},
): Promise<Finding | null> {
  const probe = await probeAllowing('127.0.0.1/32');
  return probe(targetOf(url, settings), new AbortController().signal);
}

export const success = (statusCode = 200) => finding('success', null, statusCode);
/** Any cause, unless one is given. */
export const failure = (reason: FailureReason, statusCode: number | null = null, cause?: string) =>
  finding('failure', reason, statusCode, cause);
export const unknown = (reason: UnknownReason) => finding('unknown', reason, null);

const finding = (
  outcome: Outcome,
  reason: Reason | null,
  statusCode: number | null,
  cause?: string,
) =>
  expect.objectContaining({
    outcome,
    reason,
    statusCode,
    durationMs: expect.any(Number),
    timing: expect.any(Object),
    ...(cause !== undefined && { cause }),
  });
