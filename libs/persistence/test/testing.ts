// For the tests and benchmarks of the whole, which reach packages through their exports only. No app imports this.
export { arrayLiteral } from '../src/db/array-literal.ts';
export { type Queryable, readRow, readRows } from '../src/db/db.ts';
export { Prisma } from '../src/generated/client.ts';
export { LATENCIES_OF_SUCCESSES } from '../src/pipeline/fast/latency-histogram.ts';
export {
  PHASES_OF_SUCCESS,
  SUMS_OF_PHASES,
  packPhases,
} from '../src/pipeline/fast/phase-shares.ts';
export { MONITOR_STATUS, latestCheck, latestKnown } from '../src/reports/monitor-status.ts';
