import type { Worker } from 'bullmq';
import type { Limiter } from './limiter.ts';

/**
 * Takes jobs only while their targets will soon get a place; the others stay on the queue for any
 * prober. When jobs wait on the queue no prober is free, and then all jobs are taken: a job of an
 * owner who is next in turn may wait behind others.
 */
export interface JobIntake {
  /**
   * The job counts until `work` has ended; `work` asks for its targets' places at once.
   * `lateSeconds` is how long after its slot the job was taken; null when the job does not name its
   * targets' owner.
   */
  during<Answer>(lateSeconds: number | null, work: () => Promise<Answer>): Promise<Answer>;
  /** Call when a place has been freed. */
  check(): void;
  stop(): void;
}

/** Extra jobs in progress, so that no place is idle while the next job arrives. */
const TAKEN_AHEAD = 50;

/** Take no job while this many targets wait for a place or a host: about 30 MB. */
const MOST_WAITING = 20_000;

/** Jobs are dispatched within a second of their slot: a later one has waited on the queue. */
const LATE_SECONDS = 1.5;
/** How often a full prober takes a job anyway, to see how long jobs wait. */
const GLANCE_EVERY_MS = 1000;

interface Deps {
  readonly worker: Pick<Worker, 'concurrency' | 'isPaused' | 'pause' | 'resume'>;
  readonly limiter: Limiter;
  /** The number of places. */
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
    worker.concurrency = inHand + 1; // Take one job at a time, and count its targets before the next.
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
