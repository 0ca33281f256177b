import type { Logger } from '@gomon/runtime';
import { createHeldVerdicts, type Verdict } from './held-results.ts';
import { createSuspicionLevel, type LevelOptions } from './suspicion-level.ts';
import { createOutage, type OutageWords } from './outage.ts';
import type { ConnectionListener } from './watch-dial.ts';

/** Decides whether failed connections are the targets' fault or our own network's. */
export interface Suspicion extends ConnectionListener {
  /**
   * Whose fault it was that a probe which began at `startedAt` (`performance.now()`) and just ended
   * could not connect.
   */
  isOurs(startedAt: number): Promise<Verdict>;
  /** Whether our own network is down. */
  readonly cutOff: boolean;
  /** Answers null to all who wait. */
  stop(): void;
}

export interface SuspicionOptions {
  /**
   * Whether our network works; null when there are no canaries, and then it is down when nothing
   * can be reached.
   */
  readonly askCanaries: (() => Promise<boolean>) | null;
  readonly logger: Logger;
  readonly words?: OutageWords;
  readonly levels?: LevelOptions;
  /** The longest wait for an answer. */
  readonly holdMs?: number;
}

const CONNECTION_OUTWEIGHS = 4;
const LOOK_EVERY_MS = 250;
const HOLD_MS = 60_000;
const CUT_OFF: OutageWords = {
  began:
    'nothing can be reached: this prober is cut off, and failed connections are reported as unknown',
  ended: 'this prober is no longer cut off',
};
const ASK_AGAIN_MS = 5000;

/**
 * While nothing is reached, an answer waits for a connection, or for enough failures to suspect us.
 * When neither comes, within 10 seconds of each other and within a minute, it is the target's
 * fault.
 */
export function createSuspicion(options: SuspicionOptions): Suspicion {
  const { askCanaries, logger, words = CUT_OFF, holdMs = HOLD_MS } = options;
  const measured = createSuspicionLevel(
    askCanaries ? CONNECTION_OUTWEIGHS : Infinity,
    options.levels,
  );
  const held = createHeldVerdicts();
  const outage = createOutage(logger, words);
  let isAsking = false;
  let askedAt = -Infinity;
  const timer = setInterval(() => void look(), LOOK_EVERY_MS);

  async function look(): Promise<void> {
    if (isAsking) return;
    const now = performance.now();
    const level = measured.level(now);
    held.settle(false, level === 'none' ? Infinity : now - holdMs);
    if (outage.isOn ? now - askedAt >= ASK_AGAIN_MS : level === 'grave') await checkOurselves();
  }

  async function checkOurselves(): Promise<void> {
    isAsking = true;
    const isOnline = askCanaries ? await askCanaries() : false;
    isAsking = false;
    askedAt = performance.now();
    if (isOnline) {
      measured.clear();
      clearSuspicion();
    } else if (measured.level(askedAt) === 'grave') {
      outage.begin();
      held.settle(true);
    }
  }

  function clearSuspicion(): void {
    held.settle(false);
    outage.end();
  }

  return {
    tried: (network) => measured.tried(network, performance.now()),
    failed: (network) => measured.failed(network, performance.now()),
    made() {
      measured.made();
      if (measured.level(performance.now()) === 'none') clearSuspicion();
    },
    async isOurs(startedAt) {
      if (outage.covers(startedAt)) return true;
      const now = performance.now();
      return measured.level(now) === 'none' ? false : held.hold(now);
    },
    get cutOff() {
      return outage.isOn;
    },
    stop: () => {
      clearInterval(timer);
      held.close();
    },
  };
}
