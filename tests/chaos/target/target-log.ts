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

export type TargetLine =
  | ({ readonly event: 'request' } & TargetRequest)
  | ({ readonly event: 'stall' } & Span)
  | { readonly event: 'canary'; readonly path: string; readonly at: number };

export interface TargetLog {
  readonly requests: readonly TargetRequest[];
  /** When the target itself stood still. */
  readonly stalls: readonly Span[];
  /** Paths of requests at the forbidden address. */
  readonly canary: readonly string[];
}

export interface LoggedTarget {
  readonly url: string;
  /** Where no probe may come. */
  readonly canaryUrl: string;
  targetLog(): TargetLog;
  stop(): Promise<void>;
}

/** The target as a separate process. */
export async function startTarget(logFile: string): Promise<LoggedTarget> {
  const forked = await startForked<{ port: number; canary: number }>(
    new URL('main.ts', import.meta.url),
    logFile,
  );
  return {
    url: `http://127.0.0.1:${forked.said.port}`,
    canaryUrl: `http://127.0.0.2:${forked.said.canary}`,
    targetLog: () => readTargetLog(logFile),
    stop: () => forked.stop(),
  };
}

function readTargetLog(logFile: string): TargetLog {
  const lines = readLines<TargetLine>(logFile);
  return {
    requests: lines.filter((line) => line.event === 'request'),
    stalls: lines.filter((line) => line.event === 'stall'),
    canary: lines.filter((line) => line.event === 'canary').map((line) => line.path),
  };
}
