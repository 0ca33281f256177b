import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { openRegistries, type AppMetrics } from './app-metrics.ts';
import { root } from './run.ts';

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string; readonly description: string };
}

interface Panel {
  readonly id: number;
  readonly title: string;
  readonly targets: readonly { readonly expr: string }[];
}

const rules = (
  parse(readFileSync(join(root, 'docker/prometheus/rules.yml'), 'utf8')) as {
    groups: { rules: Rule[] }[];
  }
).groups.flatMap((group) => group.rules);
const { panels } = JSON.parse(readFileSync(join(root, 'docker/grafana/gomon.json'), 'utf8')) as {
  panels: Panel[];
};
const expressions: [string, string][] = [
  ...rules.map(({ alert, expr }): [string, string] => [alert, expr]),
  ...panels.flatMap(({ title, targets }) =>
    targets.map(({ expr }): [string, string] => [title, expr]),
  ),
];

let metrics: AppMetrics;
beforeAll(async () => {
  metrics = await openRegistries();
});
afterAll(() => metrics.close());

const WORDS = new Set('and or unless by without on ignoring bool offset'.split(' '));

/** What an expression reads: each metric, with the labels by which it is picked or summed up. */
function readOf(expression: string): { names: string[]; labels: string[] } {
  const bare = expression.replace(/"[^"]*"/g, '""').replace(/\[[^\]]*\]/g, '');
  const picked = [...bare.matchAll(/\{([^}]*)\}/g)].flatMap(
    ([, inner = '']) => inner.match(/\w+(?=\s*[=!])/g) ?? [],
  );
  const grouped = [...bare.matchAll(/\b(?:by|without|on)\s*\(([^)]*)\)/g)].flatMap(
    ([, inner = '']) => inner.match(/\w+/g) ?? [],
  );
  const rest = bare.replace(/\{[^}]*\}/g, '').replace(/\b(?:by|without|on)\s*\([^)]*\)/g, '');
  const names = rest.match(/\b[a-z_:][\w:]*\b(?!\s*\()/gi) ?? [];
  return { names: names.filter((name) => !WORDS.has(name)), labels: [...picked, ...grouped] };
}

test('every expression reads metrics that an app has, by labels that they have', () => {
  const unknown = expressions.flatMap(([where, expression]) => {
    const { names, labels } = readOf(expression);
    expect([where, names]).toEqual([where, expect.arrayContaining([expect.any(String)])]);
    const known = names.flatMap((name) => metrics.labelsOf.get(name) ?? []);
    return [
      ...names.filter((name) => !metrics.labelsOf.has(name)),
      ...labels.filter((label) => !known.includes(label)),
    ].map((name) => `${where}: ${name}`);
  });
  expect(unknown).toEqual([]);
});

test('an expression is read for what it names', () => {
  const read = readOf(
    'sum by (le, cause) (rate(gomon_a_total{result="no_b"}[5m])) / time() > 2 * gomon_c and on() gomon_d',
  );
  expect(read).toEqual({
    names: ['gomon_a_total', 'gomon_c', 'gomon_d'],
    labels: ['result', 'le', 'cause'],
  });
});

test('every alert has a unique name, and says how severe it is, what happened and what that means', () => {
  expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length);
  for (const { alert, labels, annotations } of rules) {
    expect(alert).toMatch(/^Gomon[A-Z]/);
    expect(['critical', 'warning']).toContain(labels.severity);
    expect(annotations).toEqual({
      summary: expect.stringMatching(/\w/),
      description: expect.stringMatching(/\w/),
    });
  }
});

test('every panel of the dashboard has a unique id and shows something', () => {
  expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  for (const { title, targets } of panels)
    expect([title, targets[0]?.expr]).toEqual([title, expect.stringMatching(/\w/)]);
});
