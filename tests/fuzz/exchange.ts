import type { Step } from './steps.ts';

/** A step as it was sent. */
export interface Sent {
  readonly step: Step;
  readonly url: string;
  /** Whether the caller's token or key was good. */
  readonly isLive: boolean;
  /** Whose the object is that the path names, if it names any. */
  readonly names: 'theirs' | 'not theirs' | null;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
}
