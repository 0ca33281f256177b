import type { Random } from '../random.ts';
import type { ChaosStack } from '../stack/chaos-stack.ts';

/** Faults of one lane come one after the other; those of different lanes meet. */
export const LANES = ['processes', 'servers', 'links', 'jobs', 'receivers'] as const;
export type Lane = (typeof LANES)[number];

/** One kind of fault. */
export interface FaultKind {
  readonly name: string;
  readonly lane: Lane;
  /** What it may happen to; one of them is chosen. */
  readonly subjects: readonly string[];
  /** How long it lasts, at least and at most. */
  readonly seconds: readonly [least: number, most: number];
  /**
   * Whether the queue loses data. The gap that is recorded then covers whatever might have been on it: it happens only in the
   * first half of a run, so that all later slots are checked strictly.
   */
  readonly losesJobs?: true;
  /** Rejects when it could not be done, as when its server is away. Resolves with what ends it. */
  readonly inject: (scene: Scene) => Promise<() => Promise<void>>;
}

/** Where a fault happens. */
export interface Scene {
  readonly stack: ChaosStack;
  readonly subject: string;
  readonly seconds: number;
  /** Its own, so that what it does follows from the seed. */
  readonly random: Random;
}

export const nothingToEnd = () => Promise.resolve();
