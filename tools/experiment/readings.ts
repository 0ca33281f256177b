/** The values of one /metrics page by series, as it names them: `name{label="value"}`. */
export type Reading = ReadonlyMap<string, number>;

export function parseReading(page: string): Reading {
  const lines = page.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => [
      line.slice(0, line.lastIndexOf(' ')),
      Number(line.slice(line.lastIndexOf(' ') + 1)),
    ]),
  );
}

/**
 * What grew by how much from `before` to `after`, over all processes; one that `before` does not know is left out. What fell has
 * started again in a restarted process.
 */
export function increases(
  before: ReadonlyMap<string, Reading>,
  after: ReadonlyMap<string, Reading>,
): Reading {
  const sums = new Map<string, number>();
  for (const [process, reading] of after) {
    const earlier = before.get(process);
    if (!earlier) continue;
    for (const [series, value] of reading) {
      const start = earlier.get(series) ?? 0;
      sums.set(series, (sums.get(series) ?? 0) + (value < start ? value : value - start));
    }
  }
  return sums;
}

/** The sum of the series of this name that have all of the labels, each written as `label="value"`. */
export function total(reading: Reading, name: string, ...labels: string[]): number {
  let sum = 0;
  for (const [series, value] of reading) {
    const isNamed = series === name || series.startsWith(`${name}{`);
    if (isNamed && labels.every((label) => series.includes(label))) sum += value;
  }
  return sum;
}

/** The upper bound of the histogram's bucket in which the share `q` of its observations is reached; null when it has none. */
export function quantileBound(reading: Reading, histogram: string, q: number): number | null {
  const count = total(reading, `${histogram}_count`);
  if (count === 0) return null;
  const bounds = [...reading.keys()].flatMap((series) => {
    const bound = series.startsWith(`${histogram}_bucket{`) && /le="([\d.]+)"/.exec(series)?.[1];
    return bound ? [bound] : [];
  });
  const reached = bounds.filter(
    (bound) => total(reading, `${histogram}_bucket`, `le="${bound}"`) >= q * count,
  );
  return Math.min(...reached.map(Number));
}
