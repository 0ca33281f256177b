import type { App } from '../stack/app.ts';

/** Counts the results that came although their check had its row. */
export interface RepeatedResultWatch {
  /** Reads the counters; what a killed process counted since the last look is lost. */
  look(): Promise<void>;
  readonly count: number;
}

const COUNTER = /^gomon_results_repeated_total (\d+)$/m;

export function watchRepeatedResults(apps: readonly App[]): RepeatedResultWatch {
  const seen = new Map<string, number>();
  return {
    look: async () => {
      await Promise.all(
        apps.map(async (app) => {
          const pid = app.pid();
          const counter = COUNTER.exec(await read(app.metricsUrl))?.[1];
          if (pid !== null && counter !== undefined)
            seen.set(`${app.name} ${pid}`, Number(counter));
        }),
      );
    },
    get count() {
      return [...seen.values()].reduce((total, count) => total + count, 0);
    },
  };
}

async function read(url: string): Promise<string> {
  try {
    return await (await fetch(url, { signal: AbortSignal.timeout(1000) })).text();
  } catch {
    return ''; // It is down or frozen.
  }
}
