import { setTimeout as delay } from 'node:timers/promises';
import { describeError } from '@gomon/runtime';
import type { Random } from '../random.ts';
import type { ChaosStack } from '../stack/chaos-stack.ts';
import { LANES } from './fault.ts';
import type { PlannedFault } from './plan.ts';

/** A fault that happened, or is happening. Seconds since the epoch. */
export interface Inflicted {
  readonly planned: PlannedFault;
  readonly beganAt: number;
  /** Infinite while it lasts. */
  endedAt: number;
}

interface NemesisOptions {
  readonly stack: ChaosStack;
  readonly plan: readonly PlannedFault[];
  /** Where each fault is written down as it begins. */
  readonly inflicted: Inflicted[];
  readonly random: Random;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}

/**
 * Runs the faults, each lane independently; resolves when the last one has ended. One that cannot be done because of
 * another is left out.
 */
export async function startNemesis({
  stack,
  plan,
  inflicted,
  random,
  say,
  signal,
}: NemesisOptions): Promise<void> {
  const startedAt = performance.now();
  const sleep = (ms: number) =>
    delay(Math.max(0, ms), undefined, { signal }).catch(() => undefined);
  const tell = (what: string) =>
    say(`${((performance.now() - startedAt) / 1000).toFixed(1).padStart(7)} s  ${what}`);

  async function inflict(planned: PlannedFault): Promise<void> {
    const { kind, subject, seconds, at } = planned;
    tell(`${kind.name}: ${subject}, ${seconds.toFixed(1)} s`);
    const fault: Inflicted = { planned, beganAt: Date.now() / 1000, endedAt: Infinity };
    inflicted.push(fault);
    try {
      const end = await kind.inject({
        stack,
        subject,
        seconds,
        random: random.branch(`${kind.name} at ${at}`),
      });
      await sleep(seconds * 1000);
      await end();
      fault.endedAt = Date.now() / 1000;
    } catch (error) {
      inflicted.splice(inflicted.indexOf(fault), 1);
      tell(`${kind.name}: ${subject} was not possible: ${describeError(error)}`);
    }
  }

  async function runLane(lane: string): Promise<void> {
    for (const planned of plan.filter(({ kind }) => kind.lane === lane)) {
      await sleep(startedAt + planned.at * 1000 - performance.now());
      if (signal.aborted) return;
      await inflict(planned);
    }
  }

  await Promise.all(LANES.map(runLane));
}

/** Whether what happens to `subject` (`scheduler-1`, `schedulers`, `scheduler-1>queue`) happens to this process. */
export function touches(subject: string, process: string): boolean {
  return (
    subject === process ||
    subject.startsWith(`${process}>`) ||
    process.startsWith(`${subject.replace(/s$/, '')}-`)
  );
}
