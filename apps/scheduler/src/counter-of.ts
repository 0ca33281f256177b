import { Counter, type Registry } from 'prom-client';

export interface LabelledCounter<Label extends string> {
  readonly name: string;
  readonly help: string;
  /** All values that each label ever has. */
  readonly values: Readonly<Record<Label, readonly string[]>>;
  readonly registers: Registry[];
}

/**
 * A counter that is 0 for all its labels from the start on. One that came to be with its first event would be 1 as soon as it is
 * seen, and nothing that asks how much it has grown would see that event.
 */
export function counterOf<Label extends string>({ name, help, values, registers }: LabelledCounter<Label>): Counter<Label> {
  const labelNames = Object.keys(values) as Label[];
  const counter = new Counter({ name, help, labelNames, registers });
  let all: Partial<Record<Label, string>>[] = [{}];
  for (const label of labelNames) all = all.flatMap((labels) => values[label].map((value) => ({ ...labels, [label]: value })));
  for (const labels of all) counter.inc(labels, 0);
  return counter;
}
