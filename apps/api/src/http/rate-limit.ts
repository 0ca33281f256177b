/** A key's remaining requests. Times are rounded up to whole seconds. */
export interface Allowance {
  readonly allowed: boolean;
  readonly remaining: number;
  /** Until the full limit is available again. */
  readonly resetSeconds: number;
  /** Until one more request is allowed. */
  readonly retryAfterSeconds: number;
}

export interface RateLimit {
  readonly perMinute: number;
  /** Counts a request of this key, unless it exceeds the limit. */
  take(key: string): Allowance;
  /** Gives the last request of this key back. */
  giveBack(key: string): void;
}

interface Bucket {
  readonly used: number;
  readonly at: number;
}

/** Keys are remembered for as long as they have used something; of more than this, the one unseen for longest is forgotten. */
const MAX_KEYS = 100_000;

/**
 * Lets each key make `perMinute` requests at once and as many again spread over each minute: a token bucket for each key,
 * in the memory of this process. `now` is a monotonic clock in milliseconds.
 */
export function createRateLimit(
  perMinute: number,
  now: () => number,
  maxKeys = MAX_KEYS,
): RateLimit {
  const perMs = perMinute / 60_000;
  /** The one that was unseen for longest comes first. */
  const buckets = new Map<string, Bucket>();

  const usedOf = (key: string, at: number) => {
    const bucket = buckets.get(key);
    return bucket ? Math.max(0, bucket.used - (at - bucket.at) * perMs) : 0;
  };
  const put = (key: string, bucket: Bucket) => {
    buckets.delete(key);
    if (bucket.used > 0) buckets.set(key, bucket);
    for (const [oldest] of buckets) {
      if (buckets.size <= maxKeys && usedOf(oldest, bucket.at) > 0) break;
      buckets.delete(oldest);
    }
  };

  return {
    perMinute,
    take(key) {
      const at = now();
      const before = usedOf(key, at);
      const allowed = before + 1 <= perMinute;
      const used = allowed ? before + 1 : before;
      put(key, { used, at });
      return {
        allowed,
        remaining: Math.floor(perMinute - used),
        resetSeconds: Math.ceil(used / perMs / 1000),
        retryAfterSeconds: allowed ? 0 : Math.ceil((used + 1 - perMinute) / perMs / 1000),
      };
    },
    giveBack(key) {
      const at = now();
      put(key, { used: Math.max(0, usedOf(key, at) - 1), at });
    },
  };
}
