/** One figure of a benchmark: the median over its runs, in a unit that is never a wall-clock promise but a ratio or a cost. */
export interface Measurement {
  /** What was measured: `http, 100 in flight`. */
  readonly what: string;
  readonly value: number;
  /** `ratio`, `µs`, `checks/s`, `ms`, `MB` … */
  readonly unit: string;
  /** Where the figure has one: it is met when the value is at most, or at least, this. */
  readonly target?: { readonly atMost: number } | { readonly atLeast: number };
  /** What bounds the figure, or what a reader must know beside it. */
  readonly note?: string;
}

export interface Options {
  /** A run of seconds, for CI, which judges its ratios leniently. */
  readonly reduced: boolean;
  /** How often each figure is taken; its median counts. */
  readonly runs: number;
  /** Progress for the one who waits. */
  readonly say: (line: string) => void;
  /** Aborted when the one who waits has had enough: end soon, and leave nothing running. */
  readonly signal: AbortSignal;
}

/** A benchmark yields its figures as they come. Whatever it starts has ended when it returns, also when it fails. */
export type Benchmark = (options: Options) => AsyncIterable<Measurement>;

/** Of an even number of values the lower middle one; of none, NaN. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? NaN;
}

/** The value that the share `q` (0 to 1) of the values does not exceed. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? NaN;
}

/** To three digits, of larger values to the whole number. */
export function round(value: number): number {
  return Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(3));
}

/** Runs the whole benchmark several times. Each figure is the median of the runs, with the note of the run that gave it. */
export function medianOfRuns(benchmark: Benchmark): Benchmark {
  return async function* (options) {
    const figures = new Map<string, Measurement[]>();
    const say = options.runs > 1 ? options.say : () => undefined;
    for (let run = 1; run <= options.runs && !options.signal.aborted; run++) {
      say(`  run ${run} of ${options.runs}`);
      for await (const figure of benchmark(options)) {
        figures.set(figure.what, [...(figures.get(figure.what) ?? []), figure]);
        say(`  ${figure.what}: ${round(figure.value)} ${figure.unit}`); // Runs take long, and the one who waits may end them.
      }
    }
    for (const [, runs] of figures) {
      const value = median(runs.map((figure) => figure.value));
      const [figure = runs[0]] = runs.filter((candidate) => candidate.value === value);
      if (figure) yield { ...figure, note: [figure.note, ofRuns(runs)].filter(Boolean).join('; ') };
    }
  };
}

function ofRuns(runs: readonly Measurement[]): string {
  return runs.length > 1
    ? `runs: ${runs.map(({ value }) => Number(value.toPrecision(3))).join(', ')}`
    : '';
}
