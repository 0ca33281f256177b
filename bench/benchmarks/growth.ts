// What a check and a tick cost as monitors and rows grow: with and without a month of rows, then with ten and a hundred times the
// monitors, always at the same rate. The monitors that are added are due once an hour; a prober without network does the probes.
import { availableParallelism } from 'node:os';
import { median, type Benchmark, type Measurement } from '../benchmark.ts';
import { fillRows } from '../rig/fill-rows.ts';
import type { Flow } from '../rig/flow.ts';
import type { Processes } from '../rig/processes.ts';
import { startRig, type Rig } from '../rig/rig.ts';

/** Processors that have little to do wake up for each check, which costs now more, now less. */
const CHECKS_PER_SECOND = 3000;
/** The lower rate: what a million monitors need that are due once an hour. */
const FEW_PER_SECOND = 280;
const BUSY_INTERVAL_SECONDS = 2;
const IDLE_INTERVAL_SECONDS = 3600;
const SETTLE_MS = 5000;
const PARTS = ['scheduler', 'PostgreSQL', 'Redis'] as const;

interface Stage {
  readonly monitors: number;
  /** Rows for each day. */
  readonly days: number;
}

interface Costs {
  /** In µs of scheduler, PostgreSQL and Redis together. */
  readonly check: number;
  /** Of a second in which nothing would be due, in ms. */
  readonly tick: number;
  readonly note: string;
}

const WHOLE = {
  rowsPerDay: 350_000,
  warmSeconds: 30,
  seconds: 20,
  stages: [
    { monitors: 10_000, days: 1 },
    { monitors: 10_000, days: 30 },
    { monitors: 100_000, days: 30 },
    { monitors: 1_000_000, days: 30 },
  ],
};
const REDUCED = {
  rowsPerDay: 10_000,
  warmSeconds: 15,
  seconds: 4,
  stages: [
    { monitors: 10_000, days: 1 },
    { monitors: 50_000, days: 10 },
  ],
};

export const benchmark: Benchmark = async function* ({ reduced, runs, say, signal }) {
  const { rowsPerDay, warmSeconds, seconds, stages } = reduced ? REDUCED : WHOLE;
  const rig = await startRig({ intervalSeconds: BUSY_INTERVAL_SECONDS, say, signal });
  try {
    const prober = await rig.startInstantProbers(1);
    await rig.offer(CHECKS_PER_SECOND);
    await rig.pause(warmSeconds * 1000); // V8 compiles what is hot bit by bit, and the first stage would pay for it.
    const costs: Costs[] = [];
    let before: Stage = { monitors: CHECKS_PER_SECOND * BUSY_INTERVAL_SECONDS, days: 0 };
    for (const stage of stages) {
      await grow(rig, before, stage, rowsPerDay, say);
      const measured = await measure(rig, prober, stage, { seconds, runs, say });
      costs.push(measured);
      yield describe(stage, measured);
      before = stage;
    }
    yield spread(
      'cost of a check, from least to most',
      costs.map(({ check }) => check),
    );
    yield spread(
      'cost of a tick, from least to most',
      costs.map(({ tick }) => tick),
    );
  } finally {
    await rig.stop();
  }
};

async function grow(
  rig: Rig,
  before: Stage,
  { monitors, days }: Stage,
  rowsPerDay: number,
  say: (line: string) => void,
): Promise<void> {
  const startedAt = performance.now();
  await rig.offer(0);
  await rig.load.register(monitors - before.monitors, {
    intervalSeconds: IDLE_INTERVAL_SECONDS,
    url: `${rig.target.url}/`,
  });
  await fillRows(rig.load.sql, { fromDay: before.days + 1, throughDay: days, rowsPerDay });
  // What PostgreSQL would do of itself sooner or later is done now, and not while the costs are measured.
  for (const table of ['monitors', 'checks', 'rollups'])
    await rig.load.sql.query(`VACUUM (ANALYZE) ${table}`);
  await rig.load.sql.query('CHECKPOINT');
  say(
    `  ${monitors} monitors and ${days} days of rows after ${Math.round((performance.now() - startedAt) / 1000)} s`,
  );
}

interface Measuring {
  readonly seconds: number;
  readonly runs: number;
  readonly say: (line: string) => void;
}

/** From the costs of two rates, the same at each stage: what would be left without any checks is the tick's, and a check bears its share of it. */
async function measure(
  rig: Rig,
  prober: Processes,
  { monitors }: Stage,
  { seconds, runs, say }: Measuring,
): Promise<Costs> {
  const busyMonitors = CHECKS_PER_SECOND * BUSY_INTERVAL_SECONDS;
  const idleRate = (monitors - busyMonitors) / IDLE_INTERVAL_SECONDS;
  const checks: number[] = [];
  const ticks: number[] = [];
  let note = '';
  for (let run = 1; run <= runs; run++) {
    await rig.offer(FEW_PER_SECOND - idleRate);
    await rig.pause(SETTLE_MS);
    const quiet = await rig.watch(prober, seconds);
    await rig.offer(CHECKS_PER_SECOND - idleRate);
    await rig.pause(SETTLE_MS);
    const busy = await rig.watch(prober, seconds);
    const alone = (spent(busy) - spent(quiet)) / (busy.checksPerSecond - quiet.checksPerSecond);
    const tick = spent(quiet) - alone * quiet.checksPerSecond;
    checks.push(alone + tick / CHECKS_PER_SECOND);
    ticks.push(tick / 1000);
    note = PARTS.map((part) => `${part} ${(busy.cost[part] ?? NaN).toFixed(1)}`).join(' + ');
    say(
      `  run ${run}: ${checks.at(-1)?.toFixed(1)} µs a check, ${ticks.at(-1)?.toFixed(1)} ms a tick, at ${Math.round(busy.checksPerSecond)} checks/s`,
    );
  }
  return { check: median(checks), tick: median(ticks), note };
}

/** CPU time a second, in µs. */
function spent({ share }: Flow): number {
  return PARTS.reduce((sum, part) => sum + (share[part] ?? NaN), 0) * availableParallelism() * 1e6;
}

function describe({ monitors, days }: Stage, { check, tick, note }: Costs): Measurement {
  return {
    what: `${monitors.toLocaleString('en')} monitors, ${days} days of rows, ${CHECKS_PER_SECOND} checks/s`,
    value: check,
    unit: 'µs/check',
    note: `${note}; a tick of all shards ${tick.toFixed(1)} ms`,
  };
}

function spread(what: string, values: readonly number[]): Measurement {
  return {
    what,
    value: Math.max(...values) / Math.min(...values),
    unit: 'ratio',
    target: { atMost: 1.15 },
  };
}
