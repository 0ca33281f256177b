import { readLines, startForked } from '../stack/forked.ts';
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
  const forked = await startForked<{ port: number; canary: number }>(new URL('main.ts', import.meta.url), logFile);
  return {
    url: `http://127.0.0.1:${forked.said.port}`,
    canaryUrl: `http://127.0.0.2:${forked.said.canary}`,
    testimony: () => readTestimony(logFile),
    stop: () => forked.stop(),
  };
}

function readTestimony(logFile: string): Testimony {
  const lines = readLines<WitnessLine>(logFile);
  return {
    requests: lines.filter((line) => line.event === 'request'),
    stalls: lines.filter((line) => line.event === 'stall'),
    canary: lines.filter((line) => line.event === 'canary').map((line) => line.path),
  };
}
