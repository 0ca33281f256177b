import type { Worker } from 'bullmq';
import type { Turns } from './turns.ts';

/** Takes jobs only while their targets will soon have their turn: the others wait on the queue, where any prober may take them. */
export interface Intake {
  /** Counts as a job in hand until `work`, which asks for the turns of its targets at once, has ended. */
  during<Answer>(work: () => Promise<Answer>): Promise<Answer>;
  /** To be called when a turn has ended. */
  check(): void;
}

/** So that no turn is free while the next job comes. */
const TAKEN_AHEAD = 50;

/** Targets that wait for their host hold back no job, until there are so many: some 30 MB. */
const MAX_WAITING_FOR_HOST = 20_000;

interface Deps {
  readonly worker: Pick<Worker, 'concurrency' | 'isPaused' | 'pause' | 'resume'>;
  readonly turns: Turns;
  /** How many turns there are. */
  readonly limit: number;
}

export function createIntake({ worker, turns, limit }: Deps): Intake {
  const enough = limit + TAKEN_AHEAD;
  let inHand = 0;

  function check(): void {
    worker.concurrency = inHand + 1; // One job is taken at a time, and its targets counted before the next.
    const hasRoom = turns.taken + turns.waiting < enough && turns.waitingForHost < MAX_WAITING_FOR_HOST;
    if (hasRoom && worker.isPaused()) void worker.resume();
    if (!hasRoom && !worker.isPaused()) void worker.pause(true);
  }

  return {
    check,
    async during(work) {
      inHand++;
      const worked = work();
      check();
      try {
        return await worked;
      } finally {
        inHand--;
        check();
      }
    },
  };
}
