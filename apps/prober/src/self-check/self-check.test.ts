import { Socket } from 'node:net';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import type { Finding } from '../probes/probe.ts';
import { createSelfCheck, type SelfCheck } from './self-check.ts';

const logger = pino({ level: 'silent' });

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

type Lookup = 'resolves' | 'EAI_AGAIN' | 'ENOTFOUND' | 'hangs';

const CAUSES = { EAI_AGAIN: 'dns_servfail', ENOTFOUND: 'nxdomain', hangs: 'timeout_dns' } as const;

/**
 * Probes the host, whose lookup ends with that code, and returns what becomes of the finding.
 * Literal addresses are reached.
 */
async function probe(selfCheck: SelfCheck, host: string, lookup: Lookup): Promise<string> {
  const socket = new Socket().on('error', () => undefined);
  selfCheck.watch(() => socket)(new URL(`http://${host}/`));
  if (lookup === 'resolves') {
    if (!/^[\d.]+$/.test(host)) socket.emit('lookup', null, '10.9.9.9', 4, host);
    socket.emit('connectionAttempt', '10.9.9.9', 80, 4);
    socket.emit('connect');
    return 'success';
  }
  if (lookup === 'hangs') socket.emit('close', false);
  else
    socket.emit(
      'lookup',
      Object.assign(new Error(lookup), { code: lookup, syscall: 'getaddrinfo' }),
      undefined,
      undefined,
      host,
    );
  const found: Finding = {
    outcome: 'failure',
    statusCode: null,
    reason: lookup === 'hangs' ? 'timeout' : 'dns',
    cause: CAUSES[lookup],
    durationMs: 5,
  };
  const reviewed = await selfCheck.review(found);
  return reviewed ? `${reviewed.outcome} ${reviewed.cause}` : 'left';
}

interface World {
  readonly domains: number;
  readonly rounds: number;
  readonly secondsBetween: number;
  readonly lookupOf: (domain: number, round: number) => Lookup;
}

/**
 * Checks every domain in each round, beside an address that is always up, and then lets everything
 * finish.
 */
async function run(
  { domains, rounds, secondsBetween, lookupOf }: World,
  canaries: { host: string; port: number }[] = [],
) {
  const selfCheck = createSelfCheck({ canaries, registry: new Registry(), logger });
  const verdicts: Promise<string>[] = [];
  for (let round = 0; round < rounds; round++) {
    for (let domain = 0; domain < domains; domain++) {
      void probe(selfCheck, '10.1.2.3', 'resolves');
      verdicts.push(probe(selfCheck, `www.d${domain}.test`, lookupOf(domain, round)));
      await jest.advanceTimersByTimeAsync((secondsBetween * 1000) / domains);
    }
  }
  await jest.advanceTimersByTimeAsync(130_000);
  const settled = await Promise.all(verdicts);
  selfCheck.stop();
  return settled;
}

test('no name counts as down while the resolver fails for all names, although addresses are reached', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 3, max: 40 }),
      fc.integer({ min: 3, max: 60 }),
      fc.constantFrom<Lookup>('EAI_AGAIN', 'hangs'),
      async (domains, secondsBetween, lookup) => {
        const verdicts = await run({ domains, rounds: 2, secondsBetween, lookupOf: () => lookup });
        expect(new Set(verdicts)).toEqual(new Set(['unknown resolver_failed']));
      },
    ),
    { numRuns: 25 },
  );
});

test('a name with failing servers counts as down while another resolves', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 2, max: 20 }),
      fc.integer({ min: 3, max: 60 }),
      async (domains, secondsBetween) => {
        const lookupOf = (domain: number) => (domain === 0 ? 'resolves' : 'EAI_AGAIN');
        const verdicts = await run({ domains, rounds: 3, secondsBetween, lookupOf });
        expect(new Set(verdicts)).toEqual(new Set(['success', 'failure dns_servfail']));
      },
    ),
    { numRuns: 25 },
  );
});

test('a few missing names count as down; when every known name is missing, the resolver has failed', async () => {
  const few = await run({ domains: 4, rounds: 3, secondsBetween: 10, lookupOf: () => 'ENOTFOUND' });
  expect(new Set(few)).toEqual(new Set(['failure nxdomain']));
  const lookupOf = (_: number, round: number) => (round < 6 ? 'resolves' : 'ENOTFOUND');
  const many = await run({ domains: 60, rounds: 9, secondsBetween: 10, lookupOf });
  expect(new Set(many)).toEqual(new Set(['success', 'unknown resolver_failed']));
});

test('failures of only one or two domains are believed', async () => {
  const verdicts = await run({
    domains: 2,
    rounds: 3,
    secondsBetween: 10,
    lookupOf: () => 'EAI_AGAIN',
  });
  expect(new Set(verdicts)).toEqual(new Set(['failure dns_servfail']));
});

test('a canary that is an address says nothing about the resolver', async () => {
  const canaries = [{ host: '127.0.0.1', port: 9 }];
  const verdicts = await run(
    { domains: 30, rounds: 2, secondsBetween: 20, lookupOf: () => 'EAI_AGAIN' },
    canaries,
  );
  expect(new Set(verdicts)).toEqual(new Set(['unknown resolver_failed']));
});
