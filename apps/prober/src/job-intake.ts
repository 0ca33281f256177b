import type { Worker } from 'bullmq';
import type { Limiter } from './limiter.ts';

/**
 * Takes jobs only while their targets will soon have their place: the others wait on the queue, where any prober may take them. Where they
 * wait there, no prober is free; then all are taken, because behind those of one user may be those of another, whose place would be next.
 */
export interface JobIntake {
  /**
   * Counts as a job in hand until `work`, which asks for the places of its targets at once, has ended. `lateSeconds` is how long after its
   * slot the job was taken; null when it does not say whose its targets are.
   */
  during<Answer>(lateSeconds: number | null, work: () => Promise<Answer>): Promise<Answer>;
  /** To be called when a place has ended. */
  check(): void;
  stop(): void;
}

/** So that no place is free while the next job comes. */
const TAKEN_AHEAD = 50;

/** No job is taken while so many targets wait for their place or their host: some 30 MB. */
const MOST_WAITING = 20_000;

/** Jobs are dispatched within a second of their slots: one that is later has waited. */
const LATE_SECONDS = 1.5;
/** A prober that is full takes a job so often, and sees from it how long jobs wait. */
const GLANCE_EVERY_MS = 1000;

interface Deps {
  readonly worker: Pick<Worker, 'concurrency' | 'isPaused' | 'pause' | 'resume'>;
  readonly limiter: Limiter;
  /** How many places there are. */
  readonly limit: number;
}

export function createJobIntake({ worker, limiter, limit }: Deps): JobIntake {
  const enough = limit + TAKEN_AHEAD;
  let inHand = 0;
  let jobsWait = false;
  let knowsOwners = false;
  let mayGlance = false;
  let glance: NodeJS.Timeout | undefined;

  function check(): void {
    worker.concurrency = inHand + 1; // One job is taken at a time, and its targets counted before the next.
    const isWanted = limiter.taken + limiter.waiting < enough || jobsWait || mayGlance;
    const hasRoom = isWanted && limiter.waiting + limiter.waitingForHost < MOST_WAITING;
    if (hasRoom && worker.isPaused()) void worker.resume();
    if (!hasRoom && !worker.isPaused()) {
      void worker.pause(true);
      glanceSoon();
    }
  }

  function glanceSoon(): void {
    if (!knowsOwners) return;
    glance ??= setTimeout(() => {
      glance = undefined;
      mayGlance = true;
      check();
      if (worker.isPaused()) glanceSoon();
    }, GLANCE_EVERY_MS).unref();
  }

  return {
    check,
    async during(lateSeconds, work) {
      inHand++;
      knowsOwners = lateSeconds !== null;
      jobsWait = lateSeconds !== null && lateSeconds >= LATE_SECONDS;
      mayGlance = false;
      const worked = work();
      check();
      try {
        return await worked;
      } finally {
        inHand--;
        check();
      }
    },
    stop: () => clearTimeout(glance),
  };
}
