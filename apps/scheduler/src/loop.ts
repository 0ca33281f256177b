import type { Logger, Stoppable } from '@gomon/runtime';

export interface LoopOptions {
  readonly name: string;
  /** One bounded piece of work. When it throws, the loop reports it and goes on. */
  readonly runOnce: () => Promise<unknown>;
  /** The pause before the next run, in milliseconds. */
  readonly delayMs: () => number;
  readonly onFailure: (name: string) => void;
  readonly logger: Logger;
}

export interface Loop extends Stoppable {
  start(): void;
}

/** Runs `runOnce` again and again, never twice at a time. `stop` resolves when the present run has ended. */
export function createLoop({ name, runOnce, delayMs, onFailure, logger }: LoopOptions): Loop {
  let running: Promise<void> | null = null;
  let wake = () => {};
  let stopped = false;
  const pause = () =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, delayMs());
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  const run = async () => {
    while (!stopped) {
      try {
        await runOnce();
      } catch (error) {
        onFailure(name);
        logger.error({ loop: name, error: error instanceof Error ? error.message : String(error) }, 'a run failed');
      }
      if (!stopped) await pause();
    }
  };
  return {
    start() {
      running ??= run();
    },
    async stop() {
      stopped = true;
      wake();
      await running;
    },
  };
}
