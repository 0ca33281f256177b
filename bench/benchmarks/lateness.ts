// How late a probe starts after its slot, and a row is visible after its probe has ended, at 70 % of what this machine can do.
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { medianOfRuns, quantile, type Measurement } from '../benchmark.ts';
import { describe, offerUsualLoad } from '../figures/ceiling.ts';
import { startRig, type Rig } from '../rig/rig.ts';
import { watchVisibility, type Visibility } from '../figures/visibility.ts';

const LOG_FLUSHED_MS = 1500;
const HERD_SECONDS = 10;

/** The slots of these seconds since the epoch. */
interface Span {
  readonly after: number;
  readonly through: number;
}

export const benchmark = medianOfRuns(async function* ({ reduced, say, signal }) {
  const { intervalSeconds, seconds } = reduced
    ? { intervalSeconds: 10, seconds: 6 }
    : { intervalSeconds: 60, seconds: 60 };
  const rig = await startRig({ intervalSeconds, target: { keepsLog: true }, say, signal });
  try {
    const probers = await rig.start('prober', availableParallelism());
    const rate = await offerUsualLoad(rig, probers, { reduced, say });
    const visibility = await watchVisibility(rig.servers.connections.databaseUrl);
    const after = Math.floor(Date.now() / 1000);
    const flow = await rig.watch(probers, seconds);
    await rig.drain();
    await visibility.stop();
    await rig.pause(LOG_FLUSHED_MS);

    const span = { after, through: after + seconds };
    const load = describe(rate, flow);
    say(`  ${load}`);
    yield lateness('slot → start of its probe, p99', await startDelays(rig, span), load);
    const arrivals = readArrivals(rig);
    yield lateness(
      "slot → its request, by the target's log, p99",
      await requestDelays(rig, arrivals, span, intervalSeconds),
    );
    yield lateness(
      'end of a probe → its row is visible, p99',
      await visibilityDelays(rig, span, visibility),
    );
    if (seconds > HERD_SECONDS) yield busiest(arrivals, span);
  } finally {
    await rig.stop();
  }
});

function lateness(what: string, delays: readonly number[], load = ''): Measurement {
  const [p50, p99, max] = [0.5, 0.99, 1].map((q) => quantile(delays, q)) as [
    number,
    number,
    number,
  ];
  const note = `p50 ${Math.round(p50)}, max ${Math.round(max)}, of ${delays.length} checks${load && `; ${load}`}`;
  return { what, value: p99, unit: 'ms', target: { atMost: 1000 }, note };
}

/** As the rows tell: by the clock of the queue's Redis, less the probe's own duration. */
async function startDelays({ load }: Rig, { after, through }: Span): Promise<number[]> {
  const { rows } = await load.sql.query<{ delay: number }>(
    `SELECT extract(epoch FROM checked_at - slot)::float8 * 1000 - coalesce(duration_ms, 0) AS delay
     FROM checks WHERE slot > to_timestamp($1) AND slot <= to_timestamp($2)`,
    [after, through],
  );
  return rows.map(({ delay }) => delay);
}

interface Arrival {
  /** Seconds since the epoch. */
  readonly at: number;
  readonly path: string;
}

function readArrivals({ target }: Rig): Arrival[] {
  const lines = readFileSync(target.logFile, 'utf8').trimEnd().split('\n');
  return lines
    .map((line) => line.split(' ') as [string, string])
    .map(([at, path]) => ({ at: Number(at), path }));
}

/** The slot of a request is the last one of its monitor before it. */
async function requestDelays(
  { load }: Rig,
  arrivals: readonly Arrival[],
  { after, through }: Span,
  intervalSeconds: number,
): Promise<number[]> {
  const { rows } = await load.sql.query<{ path: string; phase: number }>(
    `SELECT '/' || split_part(name, ' ', 2) AS path, phase FROM monitors`,
  );
  const phases = new Map(rows.map(({ path, phase }) => [path, phase]));
  return arrivals
    .map(({ at, path }) => ({ at, delay: modulo(at - (phases.get(path) ?? NaN), intervalSeconds) }))
    .filter(({ at, delay }) => at - delay > after && at - delay <= through)
    .map(({ delay }) => delay * 1000);
}

async function visibilityDelays(
  { load }: Rig,
  { after, through }: Span,
  visibility: Visibility,
): Promise<number[]> {
  const { rows } = await load.sql.query<{ xid: number; checkedAt: number }>(
    `SELECT xmin::text::float8 AS xid, extract(epoch FROM checked_at)::float8 * 1000 AS "checkedAt"
     FROM checks WHERE slot > to_timestamp($1) AND slot <= to_timestamp($2)`,
    [after, through],
  );
  const seen = new Map(
    [...new Set(rows.map(({ xid }) => xid))].map((xid) => [
      xid,
      visibility.seenAt(xid) ?? Infinity,
    ]),
  );
  return rows.map(({ xid, checkedAt }) => (seen.get(xid) ?? Infinity) - checkedAt);
}

/** No herd: how much more than the average the ten seconds with the most requests had. */
function busiest(arrivals: readonly Arrival[], { after, through }: Span): Measurement {
  const perSecond = Array.from({ length: through - after }, () => 0);
  for (const { at } of arrivals) {
    const second = Math.floor(at) - after;
    if (second >= 0 && second < perSecond.length) perSecond[second] = (perSecond[second] ?? 0) + 1;
  }
  const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);
  const average = sum(perSecond) / perSecond.length;
  const spans = perSecond
    .slice(HERD_SECONDS - 1)
    .map((_, i) => sum(perSecond.slice(i, i + HERD_SECONDS)) / HERD_SECONDS);
  return {
    what: `requests a second in the busiest ${HERD_SECONDS} s, against the average`,
    value: Math.max(...spans) / average,
    unit: 'ratio',
    target: { atMost: 1.2 },
    note: `${Math.round(average)} on average, ${Math.max(...perSecond)} in the busiest second`,
  };
}

const modulo = (value: number, divisor: number) => ((value % divisor) + divisor) % divisor;
