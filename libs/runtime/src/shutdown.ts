import { createLogger, type Logger } from './logger.ts';

export interface Stoppable {
  /** May be called twice; resolves when nothing runs any more. */
  stop(): Promise<unknown>;
}

const DEADLINE_MS = 28_000;

/**
 * On SIGTERM or SIGINT stops `parts` in order and exits with 0; with 1 when a part fails to stop,
 * or when stopping takes longer than 28 seconds (an orchestrator kills at 30). A second signal
 * exits at once.
 */
export function stopOnSignal(logger: Logger, parts: readonly Stoppable[]): void {
  let stopping = false;
  const stop = async (signal: NodeJS.Signals) => {
    if (stopping) process.exit(1);
    stopping = true;
    logger.info({ signal }, 'stopping');
    setTimeout(() => {
      logger.error('not stopped in time');
      process.exit(1);
    }, DEADLINE_MS).unref();
    for (const part of parts) await part.stop();
    logger.info('stopped');
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      stop(signal).catch((error: unknown) => {
        logger.error({ err: error }, 'failed to stop');
        process.exit(1);
      });
    });
  }
}

/** From now on an uncaught error ends the process with one log line and exit code 1. */
export function exitOnUncaughtError(app: string): void {
  process.on('uncaughtException', (error) => {
    createLogger(app, 'fatal').fatal({ err: error }, error.message);
    process.exit(1);
  });
}
