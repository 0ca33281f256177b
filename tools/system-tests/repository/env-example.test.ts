import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { ApiConfigSchema } from '../../../apps/api/src/config.ts';
import { ProberConfigSchema } from '../../../apps/prober/src/config.ts';
import { SchedulerConfigSchema } from '../../../apps/scheduler/src/config.ts';
import { root } from './run.ts';

interface Variable {
  readonly description?: string;
  readonly default?: string | number;
}

/** Read by the migration, which is no app. */
const migration: Record<string, Variable> = { SHARD_COUNT: { default: 16 } };

const schemas = [ApiConfigSchema, SchedulerConfigSchema, ProberConfigSchema].map(
  (schema) => schema.properties as Record<string, Variable>,
);
const variables = [...schemas, migration].flatMap((properties) => Object.entries(properties));
const example = readFileSync(join(root, '.env.example'), 'utf8');
const listed = new Map([...example.matchAll(/^#? ?([A-Z][A-Z_]+)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value]));

test('.env.example lists every variable that is read, and no other', () => {
  expect([...listed.keys()].sort()).toEqual([...new Set(variables.map(([name]) => name))].sort());
});

test('.env.example shows the default of every variable that has one for all apps', () => {
  for (const [name, value] of listed) {
    const defaults = variables.filter(([other]) => other === name).map(([, variable]) => variable.default);
    if (new Set(defaults).size === 1 && defaults[0] !== undefined) expect([name, value]).toEqual([name, String(defaults[0])]);
  }
});

test('every variable says what it is', () => {
  for (const [name, variable] of schemas.flatMap((properties) => Object.entries(properties))) {
    expect([name, variable.description]).toEqual([name, expect.stringMatching(/\w+/)]);
  }
});
