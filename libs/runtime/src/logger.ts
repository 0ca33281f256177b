import { pino, stdTimeFunctions, type Logger } from 'pino';

export type { Logger };

/** JSON lines on standard output. What may hold a secret is cut out by name, wherever it stands in a record's first levels. */
export function createLogger(app: string, level: string): Logger {
  const secrets = ['authorization', 'cookie', 'password', 'token', 'secret', 'headers'];
  return pino({
    level,
    base: { app, pid: process.pid },
    timestamp: stdTimeFunctions.isoTime,
    redact: secrets.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]),
  });
}
