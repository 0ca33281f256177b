import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Answer } from './script.ts';

/** One request that the target had. Times are seconds since the epoch. */
export interface TargetRequest {
  readonly path: string;
  readonly at: number;
  readonly until: number;
  readonly does: Answer['does'];
  readonly status: number | null;
}

export interface Span {
  readonly at: number;
  readonly until: number;
}

export type WitnessLine =
  | ({ readonly event: 'request' } & TargetRequest)
  | ({ readonly event: 'stall' } & Span)
  | { readonly event: 'canary'; readonly path: string; readonly at: number };

export interface Testimony {
  readonly requests: readonly TargetRequest[];
  /** When the target itself stood still. */
  readonly stalls: readonly Span[];
  /** Paths of requests at the forbidden address. */
  readonly canary: readonly string[];
}

export interface Witness {
  readonly url: string;
  /** Where no probe may come. */
  readonly canaryUrl: string;
  testimony(): Testimony;
  stop(): Promise<void>;
}

/** The target as a process of its own. */
export async function startWitness(logFile: string): Promise<Witness> {
  const child = fork(fileURLToPath(new URL('main.ts', import.meta.url)), [logFile], { detached: true });
  const failed = once(child, 'exit').then(() => Promise.reject(new Error('the target did not start')));
  const [{ port, canary }] = (await Promise.race([once(child, 'message'), failed])) as [{ port: number; canary: number }];
  failed.catch(() => undefined); // From here on its end is wanted.
  return {
    url: `http://127.0.0.1:${port}`,
    canaryUrl: `http://127.0.0.2:${canary}`,
    testimony: () => readTestimony(logFile),
    stop: async () => {
      if (child.exitCode !== null) return;
      child.disconnect();
      await once(child, 'exit');
    },
  };
}

function readTestimony(logFile: string): Testimony {
  const text = existsSync(logFile) ? readFileSync(logFile, 'utf8') : '';
  const lines = text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as WitnessLine);
  return {
    requests: lines.filter((line) => line.event === 'request'),
    stalls: lines.filter((line) => line.event === 'stall'),
    canary: lines.filter((line) => line.event === 'canary').map((line) => line.path),
  };
}
