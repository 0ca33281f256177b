import { canaryUntouched } from '../invariants/at-rest.ts';
import { counts } from '../invariants/counts.ts';
import { noFalseFailure, rowTruth } from '../invariants/row-truth.ts';
import { slotCompleteness } from '../invariants/slot-completeness.ts';
import type { Defect } from './defect.ts';

/** Mistakes on a check's way from its slot to its row. */
export const checkDefects: readonly Defect[] = [
  {
    name: 'counters grow by every result, not by every new row',
    patches: [
      {
        file: 'libs/persistence/src/pipeline/ingest.ts',
        from: 'const source = allNew ? LET_IN : Prisma.sql`inserted`;',
        to: 'const source = LET_IN;',
      },
      {
        file: 'libs/persistence/src/pipeline/ingest.ts',
        from: 'AND (SELECT count(*) FROM inserted) > 0',
        to: 'AND (SELECT count(*) FROM inserted) >= 0',
      },
    ],
    faults: ['doubled and shuffled results', 'repeated and contradicting results'],
    caughtBy: counts.name,
  },
  {
    name: 'a probe job is acknowledged before its results are reported',
    patches: [
      {
        file: 'apps/prober/src/run-probe-job.ts',
        from: 'await deps.reporter.report(shard, result);',
        to: 'setTimeout(() => void deps.reporter.report(shard, result), 1000);',
      },
    ],
    faults: ['kill prober', 'kill all probers'],
    caughtBy: slotCompleteness.name,
  },
  {
    name: 'a result job is acknowledged before its results are stored',
    patches: [
      {
        file: 'apps/scheduler/src/ingest/ingest-worker.ts',
        from: '(job: Job) => ingest({ shard, job: job.data }).catch((error) => waitOut(job, error))',
        to: 'async (job: Job) => void [ingest({ shard, job: job.data }).catch(() => undefined), waitOut]',
      },
    ],
    faults: ['kill postgres', 'restart postgres fast', 'broken link'],
    caughtBy: slotCompleteness.name,
  },
  {
    name: 'dispatch without its transaction',
    patches: [
      {
        file: 'libs/persistence/src/db/db.ts',
        from: 'await tx.query(`BEGIN; SET LOCAL transaction_timeout = ${timeoutMs}`);',
        to: 'void timeoutMs;',
      },
      // What is written first counts then; and slowed down after it, so that half a minute is enough to see it.
      {
        file: 'apps/scheduler/src/dispatch/dispatch-due-checks.ts',
        from: 'if (jobs.length > 0) await',
        to: `const written = dispatches.map((dispatch) => dispatch.shard);
    await deps.progress.write(written, through, progress);
    await markDispatched(tx, written, through);
    await new Promise((resolve) => setTimeout(resolve, 900));
    if (jobs.length > 0) await`,
      },
      {
        file: 'apps/scheduler/src/dispatch/dispatch-due-checks.ts',
        from: `    await deps.progress.write(dispatched, through, progress);
    await markDispatched(tx, dispatched, through);
`,
        to: '    void dispatched;\n',
      },
    ],
    onlyChecks: true,
    faults: ['kill all schedulers'],
    caughtBy: slotCompleteness.name,
  },
  {
    name: 'gaps are not recorded',
    patches: [
      {
        file: 'apps/scheduler/src/dispatch/record-gaps.ts',
        from: 'await recordGap(tx, shard, after, end);',
        to: 'void recordGap;',
      },
    ],
    faults: ['kill all schedulers', 'kill postgres'],
    caughtBy: slotCompleteness.name,
  },
  {
    name: 'a queue that lost its data goes unnoticed',
    patches: [
      {
        file: 'apps/scheduler/src/dispatch/find-lost-since.ts',
        from: 'if (known !== null && known >= dispatchedThrough) return null;',
        to: 'return null;',
      },
      // So that there is always something to lose.
      {
        file: 'apps/scheduler/src/dispatch/probe-jobs.ts',
        from: 'delay: place.delaySeconds * 1000 }',
        to: 'delay: place.delaySeconds * 1000 + 700 }',
      },
    ],
    faults: ['flush queue', 'lose last seconds of queue'],
    caughtBy: slotCompleteness.name,
  },
  {
    name: 'a check that is too old to probe is called a success',
    patches: [
      {
        file: 'apps/prober/src/run-probe-job.ts',
        from: "{ outcome: 'unknown', statusCode: null, reason: 'expired', cause: 'queue_late', durationMs: null }",
        to: "{ outcome: 'success', statusCode: 200, reason: null, durationMs: 1 }",
      },
    ],
    faults: ['kill all probers', 'freeze prober'],
    caughtBy: rowTruth.name,
  },
  {
    name: "the prober's own faults are called failures",
    patches: [
      {
        file: 'apps/prober/src/run-probe-job.ts',
        from: "return isOurs ? { ...found, outcome: 'unknown', reason: 'internal', cause: 'stalled', causeDetail: null } : found;",
        to: 'void isOurs;\n    return found;',
      },
    ],
    faults: ['freeze prober'],
    caughtBy: noFalseFailure.name,
  },
  {
    name: 'probes may reach any address',
    patches: [
      {
        file: 'libs/egress/src/egress-guard.ts',
        from: 'if (!ipaddr.isValid(address)) return false;',
        to: 'if (ipaddr.isValid(address)) return true;',
      },
    ],
    faults: [],
    caughtBy: canaryUntouched.name,
  },
];
