// What every process needs first: configuration, a logger, Redis connections, a port for metrics
// and health, a watch for stalls, one line about an error, and an orderly shutdown. A closed list of
// seven files: what only one app needs lives in that app.
export { loadConfig, operationVariables, previousSecret, secret } from './config.ts';
export { describeError } from './describe-error.ts';
export { createFaultLog, createLogger, type Logger } from './logger.ts';
export {
  createMetricsServer,
  failing,
  type MetricsServer,
  type ReadinessProbe,
} from './metrics-server.ts';
export { connectRedis } from './redis.ts';
export { createStallWatch, type StallWatch } from './stall-watch.ts';
export { exitOnUncaughtError, stopOnSignal, type Stoppable } from './shutdown.ts';
