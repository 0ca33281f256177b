import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root } from './run.ts';

const run = promisify(execFile);

/** Apps are read every 15 seconds. */
const PER_MINUTE = 4;

/** Rules are looked at for as long after the last change of a series. */
const AFTERWARDS_MINUTES = 20;

/** What happens to a series, by the minute: its value from then on. `null` where it is not there any more. */
export type Course = Readonly<Record<number, number | null>>;

export interface Series {
  /** As an app says it, such as `gomon_heartbeats_total{result="failed"}`. */
  readonly name: string;
  readonly app: string;
  readonly value: number;
}

/** The series of what an app answers who reads it. */
export function seriesOf(app: string, text: string): Series[] {
  return [...text.matchAll(/^((?:gomon_|process_start)\S*(?:\{[^}]*\})?) (\S+)$/gm)].map(
    ([, name = '', value]) => ({
      name,
      app,
      value: Number(value),
    }),
  );
}

export interface Story {
  /** What every app says at the beginning. */
  readonly start: readonly Series[];
  readonly courses: Readonly<Record<string, Course>>;
  /** The alerts that fire in it, and no others. */
  readonly alerts: readonly string[];
}

/** Throws what promtool says, unless these alerts fire. */
export async function tryRules(promtool: string, story: Story): Promise<void> {
  const missing = Object.keys(story.courses).filter(
    (name) => !story.start.some((series) => series.name === name),
  );
  if (missing.length > 0) throw new Error(`no app has ${missing.join(', ')} from the start on`);
  const directory = await mkdtemp(join(tmpdir(), 'gomon-rules-'));
  try {
    const file = join(directory, 'test.yml');
    await writeFile(file, JSON.stringify(testOf(story)));
    await run(promtool, ['test', 'rules', file]).catch((error: unknown) => {
      const { stdout, stderr } = error as { stdout: string; stderr: string };
      throw new Error(`${stdout}${stderr}`);
    });
  } finally {
    await rm(directory, { recursive: true });
  }
}

function testOf({ start, courses, alerts }: Story) {
  const minutes =
    Math.ceil(
      Math.max(0, ...Object.values(courses).flatMap((course) => Object.keys(course).map(Number))),
    ) + AFTERWARDS_MINUTES;
  const input = start.map(({ name, app, value }) => ({
    series: withInstance(name, app),
    values: valuesOf(value, courses[name] ?? {}, minutes),
  }));
  const expr = 'group by (alertname) (count_over_time(ALERTS{alertstate="firing"}[5h]))';
  const expected = alerts.map((alertname) => ({ labels: `{alertname="${alertname}"}`, value: 1 }));
  return {
    rule_files: [join(root, 'docker/prometheus/rules.yml')],
    evaluation_interval: '30s',
    tests: [
      {
        interval: '15s',
        input_series: input,
        promql_expr_test: [{ expr, eval_time: `${minutes}m`, exp_samples: expected }],
      },
    ],
  };
}

function withInstance(name: string, app: string): string {
  const labels = `instance="${app}-1",job="${app}"`;
  return name.endsWith('}') ? `${name.slice(0, -1)},${labels}}` : `${name}{${labels}}`;
}

function valuesOf(first: number, course: Course, minutes: number): string {
  let value: number | null = first;
  const values: (number | null)[] = [];
  for (let step = 0; step <= minutes * PER_MINUTE; step++) {
    const next = course[step / PER_MINUTE];
    if (next !== undefined) value = next;
    values.push(value);
  }
  return values
    .map((one, step) => (one !== null ? one : values[step - 1] === null ? '_' : 'stale'))
    .join(' ');
}
