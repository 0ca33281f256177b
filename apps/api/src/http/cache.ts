/** Caches loaded values by key for a while. */
export type Cache<Value> = (key: string) => Promise<Value>;

interface Entry<Value> {
  readonly value: Promise<Value>;
  readonly loadedAt: number;
}

/**
 * Keeps the result of `load` for a key for `ttlMs`; callers meanwhile, also while it loads, get the
 * same. Beyond `maxKeys` the oldest are dropped; a failure is dropped at once. `now` is a monotonic
 * clock in milliseconds.
 */
export function createCache<Value>(
  { ttlMs, maxKeys, now }: { ttlMs: number; maxKeys: number; now: () => number },
  load: (key: string) => Promise<Value>,
): Cache<Value> {
  /** In order of loading. */
  const entries = new Map<string, Entry<Value>>();
  return (key) => {
    const known = entries.get(key);
    if (known && now() - known.loadedAt < ttlMs) return known.value;
    const entry = { value: load(key), loadedAt: now() };
    entries.delete(key);
    entries.set(key, entry);
    entry.value.catch(() => entries.get(key) === entry && entries.delete(key));
    for (const [oldest] of entries) {
      if (entries.size <= maxKeys) break;
      entries.delete(oldest);
    }
    return entry.value;
  };
}
