import type { Logger } from '@gomon/runtime';

/** An outage of our own network or resolver. Times are `performance.now()`'s. */
export interface Outage {
  readonly isOn: boolean;
  begin(): void;
  end(): void;
  /** Whether a probe that began at `startedAt`, and has ended, ran during it. */
  covers(startedAt: number): boolean;
}

export interface OutageWords {
  readonly began: string;
  readonly ended: string;
}

export function createOutage(logger: Logger, { began, ended }: OutageWords): Outage {
  let isOn = false;
  let endedAt = -Infinity;
  return {
    get isOn() {
      return isOn;
    },
    begin() {
      if (!isOn) logger.warn(began);
      isOn = true;
    },
    end() {
      if (!isOn) return;
      isOn = false;
      endedAt = performance.now();
      logger.info(ended);
    },
    covers: (startedAt) => isOn || startedAt <= endedAt,
  };
}
