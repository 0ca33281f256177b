// What crosses the queues between scheduler and prober: names, shapes, ids, job options, and the
// functions that parse what arrives. Knows no connection. Data from probers is untrusted: only
// `parseResultJob` lets it in.
export {
  PROBE_BATCH_SIZE,
  PROBE_QUEUE,
  QUEUE_PREFIX,
  RESULT_BATCH_SIZE,
  QUARANTINE_QUEUE,
  probeQueueName,
  DRY_RUN_SHARD,
  probeJobId,
  resultQueueName,
} from './queues.ts';
export { HEARTBEAT_SECONDS, PROBERS_KEY } from './prober-heartbeat.ts';
export {
  PROBE_JOB_OPTIONS,
  RESULT_JOB_OPTIONS,
  DRY_RUN_JOB_OPTIONS,
  resultRetryDelayMs,
} from './job-options.ts';
export { PROBER_PERMISSIONS, PROBER_USER } from './prober-permissions.ts';
export {
  parseProbeJob,
  writeProbeJob,
  type ProbeJob,
  type ProbeJobData,
  type ProbeTarget,
} from './probe-job.ts';
export { countResults, parseResultJob, type ResultJob } from './result-job.ts';
