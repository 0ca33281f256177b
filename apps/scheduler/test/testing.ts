// For the tests and benchmarks of the whole, which reach packages through their exports only. No app imports this.
export { SchedulerConfigSchema } from '../src/config.ts';
export { batched } from '../src/ingest/batcher.ts';
export { type ResultDelivery, ingestCheckResults } from '../src/ingest/ingest-check-results.ts';
export { BATCHES, JOBS_IN_HAND } from '../src/ingest/ingest-worker.ts';
export { createRowBackedWindows } from '../src/ingest/row-backed-windows.ts';
export { createLoop } from '../src/loop.ts';
export { createSchedulerMetrics } from '../src/metrics.ts';
export { createSender } from '../src/notifications/sender.ts';
export { createPost } from '../src/notifications/transports/http.ts';
