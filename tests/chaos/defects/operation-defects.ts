import { apiKeepsItsWord, jobAccounting, liveness } from '../invariants/at-rest.ts';
import { orderlyEnds, resourcesReturn } from '../invariants/processes.ts';
import type { Defect } from './defect.ts';

/** Mistakes in how processes run, end, and answer. */
export const operationDefects: readonly Defect[] = [
  {
    name: 'junk on a results queue is tried for ever',
    patches: [
      {
        file: 'libs/queue-contracts/src/result-job.ts',
        from: 'return { results: [], rejected: 1 };',
        to: "throw new Error('not a result job');",
      },
    ],
    faults: ['junk results'],
    caughtBy: jobAccounting.name,
  },
  {
    name: 'a database that is away is an internal error',
    patches: [
      {
        file: 'libs/persistence/src/db/fault.ts',
        from: "return unavailable ? 'unavailable' : null;",
        to: 'void unavailable;\n  return null;',
      },
    ],
    faults: ['restart postgres fast', 'kill postgres'],
    caughtBy: apiKeepsItsWord.name,
  },
  {
    name: 'a process that was asked to end stays',
    patches: [
      {
        file: 'libs/runtime/src/shutdown.ts',
        from: "logger.info('stopped');\n    process.exit(0);",
        to: "logger.info('stopped');",
      },
    ],
    faults: ['terminate scheduler'],
    caughtBy: orderlyEnds.name,
  },
  {
    name: 'every report leaves a descriptor open',
    patches: [
      {
        file: 'apps/prober/src/run-probe-job.ts',
        from: 'deps.metrics.countResult(result);',
        to: "deps.metrics.countResult(result);\n  process.getBuiltinModule('node:fs').openSync('/dev/null', 'r');",
      },
    ],
    faults: [],
    caughtBy: resourcesReturn.name,
  },
  {
    name: 'a loop ends when it fails',
    patches: [
      {
        file: 'apps/scheduler/src/loop.ts',
        from: 'onFailure(error instanceof Error ? error : new Error(String(error)));',
        to: 'onFailure(error instanceof Error ? error : new Error(String(error)));\n        return;',
      },
    ],
    faults: ['restart postgres fast'],
    caughtBy: liveness.name,
  },
];
