import type { Logger } from '@gomon/runtime';

/** An outage of our own network. Times are `performance.now()`'s. */
export interface Outage {
  readonly isOn: boolean;
  begin(): void;
  end(): void;
  /** Whether a probe that began at `startedAt`, and has ended, was under way in it. */
  covers(startedAt: number): boolean;
}

export function createOutage(logger: Logger): Outage {
  let isOn = false;
  let endedAt = -Infinity;
  return {
    get isOn() {
      return isOn;
    },
    begin() {
      if (!isOn) logger.warn('nothing can be reached: this prober is cut off, and what it cannot connect to is unknown');
      isOn = true;
    },
    end() {
      if (!isOn) return;
      isOn = false;
      endedAt = performance.now();
      logger.info('this prober is no longer cut off');
    },
    covers: (startedAt) => isOn || startedAt <= endedAt,
  };
}
