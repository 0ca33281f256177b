// Checks a second with everything on this machine, for a minute without a growing backlog, and what each process pays for a check.
import { availableParallelism } from 'node:os';
import { medianOfRuns, type Measurement } from '../benchmark.ts';
import { TOLERATED_IN_TRIAL, describe, findCeiling, keepsUp, percent } from '../figures/ceiling.ts';
import type { Flow } from '../rig/flow.ts';
import type { Processes } from '../rig/processes.ts';
import { startRig, type Rig } from '../rig/rig.ts';
import { readTraffic, type Traffic } from '../rig/traffic.ts';

/** Beside the schedulers' share and the servers', a prober for each processor is more than it can feed. */
const PROBERS = availableParallelism();
const WHOLE = {
  trialSeconds: 8,
  step: 1.4,
  holdSeconds: 60,
  costSeconds: 20,
  toleratedGrowth: 0.01,
  intervalSeconds: 60,
};
const REDUCED = {
  trialSeconds: 3,
  step: 2,
  holdSeconds: 5,
  costSeconds: 4,
  toleratedGrowth: TOLERATED_IN_TRIAL,
  intervalSeconds: 10,
};
const SETTLE_MS = 5000;
const ATTEMPTS = 6;
const LESS = 0.93;
/** With fewer checks a second each bears more of what ticks cost: a disturbed machine would be judged by its ceiling. */
const LEAST_JUDGED_RATE = 2000;
/** Targets far away answer at any moment of a second; on loopback they answer all at once. */
const SPREAD_MS = 1000;

export const benchmark = medianOfRuns(async function* ({ reduced, say, signal }) {
  const settings = reduced ? REDUCED : WHOLE;
  const { holdSeconds: seconds } = settings;
  const ceiling = await ceilingOf(settings, { say, signal });
  const rig = await startRig({ intervalSeconds: settings.intervalSeconds, say, signal });
  try {
    const probers = await rig.start('prober', PROBERS);
    const { rate, flow, traffic, startedAt } = await sustain(
      rig,
      probers,
      { ceiling, ...settings },
      say,
    );
    await rig.drain();
    await probers.stop();
    const unknown = await countUnknown(rig, startedAt);
    yield {
      what: `sustained for ${seconds} s with ${PROBERS} probers`,
      value: flow.checksPerSecond,
      unit: 'checks/s',
      note: `${describe(rate, flow)}; ${unknown} unknown; ${limits(flow)}; target: ${rig.target.program}`,
    };
    for (const [part, cost] of Object.entries(flow.cost))
      yield { what: part, value: cost, unit: 'µs/check' };
    yield { what: "PostgreSQL's log", value: traffic.wal, unit: 'bytes/check' };
    yield { what: "to and from the queue's Redis", value: traffic.queue, unit: 'bytes/check' };

    const judgedRate = reduced ? Math.max(rate, LEAST_JUDGED_RATE) : rate;
    const atOnce = await withoutProbes(rig, judgedRate, settings.costSeconds, 0);
    yield {
      what: "prober's queue work",
      value: atOnce.cost['prober'] ?? NaN,
      unit: 'µs/check',
      note: `${PROBERS} probers whose probes answer at once`,
    };
    yield sumOf('all but the probe', reduced ? atOnce : flow, atOnce, { atMost: 60 });
    yield sumOf('all but the probe, with no probes beside it', atOnce, atOnce);
    const spread = await withoutProbes(rig, judgedRate, settings.costSeconds, SPREAD_MS);
    yield sumOf('all but the probe, with answers spread over a second', spread, spread);
  } finally {
    await rig.stop();
  }
});

/**
 * Searched on a separate rig: the search pauses and resumes all monitors again and again, and their table, several times as large then as
 * it ever is in life, would not fit the memory of the database any more.
 */
async function ceilingOf(
  { intervalSeconds, trialSeconds, step }: typeof WHOLE,
  { say, signal }: { readonly say: (line: string) => void; readonly signal: AbortSignal },
): Promise<number> {
  const rig = await startRig({ intervalSeconds, say, signal });
  try {
    const probers = await rig.start('prober', PROBERS);
    return (await findCeiling(rig, probers, { from: 800, step, seconds: trialSeconds, say })).rate;
  } finally {
    await rig.stop();
  }
}

/** Looks for the rate, from the ceiling downwards, that does not make the backlog grow. */
async function sustain(
  rig: Rig,
  probers: Processes,
  { ceiling, holdSeconds, toleratedGrowth }: typeof WHOLE & { readonly ceiling: number },
  say: (line: string) => void,
) {
  let rate = ceiling;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++, rate *= LESS) {
    await rig.offer(rate);
    await rig.pause(SETTLE_MS);
    const startedAt = Date.now() / 1000;
    const before = await readTraffic(rig);
    const flow = await rig.watch(probers, holdSeconds);
    say(`  ${describe(rate, flow)}`);
    const traffic = perCheck(before, await readTraffic(rig), flow);
    if (keepsUp(flow, rate, toleratedGrowth)) return { rate, flow, traffic, startedAt };
    await rig.drain();
  }
  throw new Error(`the backlog grew even at ${Math.round(rate / LESS)} checks/s`);
}

function perCheck(before: Traffic, after: Traffic, { checksPerSecond, seconds }: Flow): Traffic {
  const checks = checksPerSecond * seconds;
  return { wal: (after.wal - before.wal) / checks, queue: (after.queue - before.queue) / checks };
}

async function withoutProbes(
  rig: Rig,
  rate: number,
  seconds: number,
  spreadMs: number,
): Promise<Flow> {
  const probers = await rig.startInstantProbers(PROBERS, spreadMs);
  await rig.offer(rate);
  await rig.pause(SETTLE_MS);
  const flow = await rig.watch(probers, seconds);
  await rig.drain();
  await probers.stop();
  return flow;
}

function sumOf(
  what: string,
  { cost }: Flow,
  withoutProbes: Flow,
  target?: Measurement['target'],
): Measurement {
  const parts = {
    scheduler: cost['scheduler'],
    Redis: cost['Redis'],
    PostgreSQL: cost['PostgreSQL'],
    'queue work': withoutProbes.cost['prober'],
  };
  const values = Object.entries(parts).map(([part, value]) => [part, value ?? NaN] as const);
  return {
    what,
    value: values.reduce((sum, [, value]) => sum + value, 0),
    unit: 'µs/check',
    target,
    note: values.map(([part, value]) => `${part} ${value.toFixed(1)}`).join(' + '),
  };
}

/** Where the processors' time went: what they have none left of is the ceiling. */
function limits({ share, busy }: Flow): string {
  const others = busy - Object.values(share).reduce((sum, part) => sum + part, 0);
  const parts = Object.entries({ ...share, others }).map(
    ([part, value]) => `${part} ${percent(value)}`,
  );
  return `of ${availableParallelism()} processors: ${parts.join(', ')}`;
}

/** Of the slots from this second on: checks that were too late to be probed would let no backlog grow. */
async function countUnknown({ load }: Rig, second: number): Promise<number> {
  const { rows } = await load.sql.query<{ count: number }>(
    `SELECT count(*)::int4 AS count FROM checks WHERE outcome = 'unknown' AND slot >= to_timestamp($1)`,
    [second],
  );
  return rows[0]?.count ?? NaN;
}
