import type { Stoppable } from '@gomon/runtime';

export interface LoopOptions {
  /** One bounded piece of work. If it throws, the loop reports it and continues. */
  readonly runOnce: () => Promise<unknown>;
  /** The pause before the next run, in milliseconds. */
  readonly delayMs: () => number;
  readonly onFailure: (error: Error) => void;
}

export interface Loop extends Stoppable {
  start(): void;
}

/** Runs `runOnce` repeatedly, one run at a time. `stop` resolves when the current run has ended. */
export function createLoop({ runOnce, delayMs, onFailure }: LoopOptions): Loop {
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
        onFailure(error instanceof Error ? error : new Error(String(error)));
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
