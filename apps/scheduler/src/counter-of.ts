import { Counter, type Registry } from 'prom-client';

export interface LabelledCounter<Label extends string> {
  readonly name: string;
  readonly help: string;
  /** All values of each label. */
  readonly values: Readonly<Record<Label, readonly string[]>>;
  readonly registers: Registry[];
}

/**
 * A counter that starts at 0 for all its labels. If a series appeared with its first event, it
 * would start at 1, and rate() would never see that event.
 */
export function counterOf<Label extends string>({
  name,
  help,
  values,
  registers,
}: LabelledCounter<Label>): Counter<Label> {
  const labelNames = Object.keys(values) as Label[];
  const counter = new Counter({ name, help, labelNames, registers });
  let all: Partial<Record<Label, string>>[] = [{}];
  for (const label of labelNames)
    all = all.flatMap((labels) => values[label].map((value) => ({ ...labels, [label]: value })));
  for (const labels of all) counter.inc(labels, 0);
  return counter;
}
