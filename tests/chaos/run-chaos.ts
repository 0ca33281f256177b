import { setTimeout as delay } from 'node:timers/promises';
import { INVARIANTS } from './invariants/all.ts';
import { countRepeated } from './evidence/delivery-log.ts';
import { gatherResources } from './evidence/gather.ts';
import type { FaultKind } from './nemesis/fault.ts';
import { startNemesis, touches, type Inflicted } from './nemesis/nemesis.ts';
import { planFaults } from './nemesis/plan.ts';
import { createRandom } from './random.ts';
import type { RunReport } from './report.ts';
import { quiesce } from './quiesce.ts';
import type { AppEnd } from './stack/app.ts';
import { startChaosStack, type ChaosStack } from './stack/chaos-stack.ts';
import { until } from './until.ts';
import { watchRepeatedResults } from './watch/repeated-results.ts';
import { startSampler } from './watch/sampler.ts';
import { watchStatuses } from './watch/statuses.ts';
import { watchStalledJobs } from './watch/stalled-jobs.ts';
import { watchTakeovers, type TakeoverWatch } from './watch/takeovers.ts';
import { startWorkload } from './workload/workload.ts';

export interface ChaosOptions {
  /** Where everything of the run is. */
  readonly directory: string;
  readonly seed: string;
  readonly minutes: number;
  readonly kinds: readonly FaultKind[];
  readonly fakeClocks: boolean;
  /** What is changed in the copy of the sources that the processes run from, and in the database. */
  /** The path of a patch for the copy of the sources. */
  readonly patch?: string | undefined;
  readonly sql?: readonly string[];
  /** Owners do nothing but ask for checks, many a second. */
  readonly onlyChecks?: boolean;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}

const MONITORS = 54;
const WARM_UP_MS = 60_000;
const LOOK_EVERY_MS = 1000;

/** One run from the start of the stack to its end: disturbed, healed, come to rest, judged. */
export async function runChaos(options: ChaosOptions): Promise<RunReport> {
  const { directory, fakeClocks, patch, sql = [], say, signal } = options;
  const ends: AppEnd[] = [];
  const inflicted: Inflicted[] = [];
  const takeovers = watchTakeovers((process, since) =>
    inflicted.some((fault) => fault.endedAt > since && touches(fault.planned.subject, process)),
  );
  say('Starting PostgreSQL, two Redis, the target, 2 APIs, 3 schedulers and 3 probers');
  const stack = await startChaosStack(
    {
      directory,
      patch,
      sql,
      fakeClocks,
      onEnd: (end) => ends.push(end),
      onQueueRequest: (app, request) => takeovers.onRequest(app, request),
    },
    signal,
  );
  try {
    return await exercise(stack, options, { ends, inflicted, takeovers });
  } finally {
    await stack.close();
  }
}

interface Watched {
  readonly ends: AppEnd[];
  readonly inflicted: Inflicted[];
  readonly takeovers: TakeoverWatch;
}

async function exercise(
  stack: ChaosStack,
  options: ChaosOptions,
  watched: Watched,
): Promise<RunReport> {
  const { seed, minutes, kinds, onlyChecks = false, say, signal } = options;
  const { ends, inflicted, takeovers } = watched;
  const random = createRandom(seed);
  const workload = await startWorkload(
    stack,
    { count: MONITORS, onlyChecks, random: random.branch('workload') },
    signal,
  );
  const untouched = workload.monitors
    .filter(({ isEdited, kind }) => !isEdited && kind !== 'bait')
    .map(({ id }) => id);
  const sampler = startSampler(stack.database, untouched);
  const statuses = watchStatuses(stack.database, workload.monitors);
  const stalled = await watchStalledJobs(stack.queue);
  const repeated = watchRepeatedResults(
    [...stack.apps.values()].filter(({ kind }) => kind === 'scheduler'),
  );
  try {
    const registeredAt = Date.now() / 1000;
    const isWarm = () => (sampler.progress.at(-1)?.through ?? 0) > registeredAt;
    if (!(await until(isWarm, WARM_UP_MS, signal)))
      throw new Error('The monitors are not checked, although nothing is disturbed yet');
    const before = await gatherResources(stack);

    say(`${workload.monitors.length} monitors are checked; ${minutes} minutes of faults begin`);
    const plan = planFaults(kinds, minutes, random.branch('faults'));
    const stopEditing = workload.startEditing();
    const nemesis = startNemesis({
      stack,
      plan,
      inflicted,
      random: random.branch('nemesis'),
      say,
      signal,
    });
    let isOver = false;
    const looking = (async () => {
      for (; !isOver; await delay(LOOK_EVERY_MS)) await repeated.look();
    })();
    await nemesis;
    const edited = stopEditing();
    signal.throwIfAborted();

    const evidence = await quiesce({
      stack,
      workload,
      edited,
      sampler,
      statuses,
      ends,
      before,
      say,
      signal,
    });
    isOver = true;
    await looking;
    return {
      judged: INVARIANTS.map((invariant) => ({
        name: invariant.name,
        ...invariant.check(evidence),
      })),
      inflicted,
      rows: [...evidence.rows.values()].reduce((total, rows) => total + rows.length, 0),
      alerts: {
        opened: evidence.alerts.length,
        resolved: evidence.alerts.filter(({ resolvedAt }) => resolvedAt !== null).length,
      },
      messages: {
        notifications: evidence.deliveries.notifications.length,
        attempts: evidence.deliveries.attempts.length,
        repeated: countRepeated(evidence.deliveries.messages),
      },
      takeovers: takeovers.count,
      stalledJobs: stalled.count,
      duplicates: repeated.count,
      progress: sampler.progress,
    };
  } finally {
    await sampler.stop();
    await statuses.stop();
    await stalled.stop();
  }
}
