import { canaryUntouched } from '../invariants/quiescent.ts';
import { counts } from '../invariants/counts.ts';
import { noFalseFailure, rowsMatchRequests } from '../invariants/rows-match-requests.ts';
import { slotCompleteness } from '../invariants/slot-completeness.ts';
import type { Defect } from './defect.ts';

/** Mistakes on a check's way from its slot to its row. */
export const checkDefects: readonly Defect[] = [
  {
    name: 'counters grow by every result, not by every new row',
    patch: 'counters-grow-by-every-result-not-by-every-new-row.patch',
    faults: ['doubled and shuffled results', 'repeated and contradicting results'],
    caughtBy: counts.name,
  },
  {
    name: 'a probe job is acknowledged before its results are reported',
    patch: 'a-probe-job-is-acknowledged-before-its-results-are-reported.patch',
    faults: ['kill prober', 'kill all probers'],
    caughtBy: slotCompleteness.name,
  },
  {
    name: 'a result job is acknowledged before its results are stored',
    patch: 'a-result-job-is-acknowledged-before-its-results-are-stored.patch',
    faults: ['kill postgres', 'restart postgres fast', 'broken link'],
    caughtBy: slotCompleteness.name,
  },
  {
    name: 'dispatch without its transaction',
    // It writes first, then waits before it dispatches, so that half a minute is enough to see it.
    patch: 'dispatch-without-its-transaction.patch',
    onlyChecks: true,
    faults: ['kill all schedulers'],
    caughtBy: slotCompleteness.name,
  },
  {
    name: 'gaps are not recorded',
    patch: 'gaps-are-not-recorded.patch',
    faults: ['kill all schedulers', 'kill postgres'],
    caughtBy: slotCompleteness.name,
  },
  {
    name: 'a queue that lost its data goes unnoticed',
    // It delays jobs as well, so that there is always something to lose.
    patch: 'a-queue-that-lost-its-data-goes-unnoticed.patch',
    faults: ['flush queue', 'lose last seconds of queue'],
    caughtBy: slotCompleteness.name,
  },
  {
    name: 'a check that is too old to probe is called a success',
    patch: 'a-check-that-is-too-old-to-probe-is-called-a-success.patch',
    faults: ['kill all probers', 'freeze prober'],
    caughtBy: rowsMatchRequests.name,
  },
  {
    name: "the prober's own faults are called failures",
    patch: 'the-probers-own-faults-are-called-failures.patch',
    faults: ['freeze prober'],
    caughtBy: noFalseFailure.name,
  },
  {
    name: 'probes may reach any address',
    patch: 'probes-may-reach-any-address.patch',
    faults: [],
    caughtBy: canaryUntouched.name,
  },
];
