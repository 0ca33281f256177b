import { apiKeepsItsWord, jobAccounting, liveness } from '../invariants/quiescent.ts';
import { orderlyEnds, resourcesReturn } from '../invariants/processes.ts';
import type { Defect } from './defect.ts';

/** Mistakes in how processes run, end, and answer. */
export const operationDefects: readonly Defect[] = [
  {
    name: 'junk on a results queue is tried for ever',
    patch: 'junk-on-a-results-queue-is-tried-for-ever.patch',
    faults: ['junk results'],
    caughtBy: jobAccounting.name,
  },
  {
    name: 'a database that is away is an internal error',
    patch: 'a-database-that-is-away-is-an-internal-error.patch',
    faults: ['restart postgres fast', 'kill postgres'],
    caughtBy: apiKeepsItsWord.name,
  },
  {
    name: 'a process that was asked to end stays',
    patch: 'a-process-that-was-asked-to-end-stays.patch',
    faults: ['terminate scheduler'],
    caughtBy: orderlyEnds.name,
  },
  {
    name: 'every report leaves a descriptor open',
    patch: 'every-report-leaves-a-descriptor-open.patch',
    faults: [],
    caughtBy: resourcesReturn.name,
  },
  {
    name: 'a loop ends when it fails',
    patch: 'a-loop-ends-when-it-fails.patch',
    faults: ['restart postgres fast'],
    caughtBy: liveness.name,
  },
];
