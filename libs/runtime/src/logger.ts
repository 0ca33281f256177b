import { pino, stdTimeFunctions, type Logger } from 'pino';

export type { Logger };

/** `input` is the argument of a URL error, with its credentials. */
const SECRETS = [
  'authorization',
  'cookie',
  'password',
  'currentPassword',
  'token',
  'secret',
  'key',
  'headers',
  'input',
];

/**
 * JSON lines on standard output. Fields that may hold secrets are removed by name, on the first
 * levels of a record.
 */
export function createLogger(app: string, level: string): Logger {
  return pino({
    level,
    base: { app, pid: process.pid },
    timestamp: stdTimeFunctions.isoTime,
    redact: SECRETS.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]),
  });
}

const REPEAT_AFTER_MS = 60_000;

/**
 * Logs a fault that recurs many times a second, such as a lost connection, once a minute per
 * message.
 */
export function createFaultLog(logger: Logger): (what: string, error: Error) => void {
  const reportedAt = new Map<string, number>();
  return (what, error) => {
    const key = `${what} ${error.message}`;
    if (performance.now() - (reportedAt.get(key) ?? -Infinity) < REPEAT_AFTER_MS) return;
    reportedAt.set(key, performance.now());
    logger.warn({ error: error.message }, what);
  };
}
