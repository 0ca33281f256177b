import { round, type Measurement } from '../benchmark.ts';

/** `missed` is tolerated in a reduced run, which is too short and too disturbed to judge finely. */
export type Verdict = 'met' | 'missed' | 'failed' | 'measured';

export interface Judged extends Measurement {
  readonly bench: string;
  readonly verdict: Verdict;
}

const TOLERANCE_REDUCED = 2;

export function judge(bench: string, measurement: Measurement, reduced: boolean): Judged {
  const { what, value, unit, target, note } = measurement;
  return { bench, what, value, unit, target, verdict: verdictOf(value, target, reduced), note };
}

function verdictOf(value: number, target: Measurement['target'], reduced: boolean): Verdict {
  if (!target) return 'measured';
  if (meets(value, target, 1)) return 'met';
  return reduced && meets(value, target, TOLERANCE_REDUCED) ? 'missed' : 'failed';
}

function meets(
  value: number,
  target: NonNullable<Measurement['target']>,
  tolerance: number,
): boolean {
  return 'atMost' in target
    ? value <= target.atMost * tolerance
    : value >= target.atLeast / tolerance;
}

export function renderTable(judged: readonly Judged[]): string {
  const header = ['bench', 'what', 'value', 'target', 'verdict', 'note'];
  const rows = judged.map(({ bench, what, value, unit, target, verdict, note }) => [
    bench,
    what,
    `${round(value)} ${unit}`,
    target ? ('atMost' in target ? `≤ ${target.atMost}` : `≥ ${target.atLeast}`) : '',
    verdict,
    note ?? '',
  ]);
  const width = (column: number) =>
    Math.max(...[header, ...rows].map((row) => row[column]?.length ?? 0));
  const widths = header.map((name, column) => (name === 'note' ? name.length : width(column))); // Notes are too long to line up.
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [line(header), line(widths.map((length) => '-'.repeat(length))), ...rows.map(line)].join(
    '\n',
  );
}
