import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { root } from './run.ts';
import { variablesOf } from './variables.ts';

const variables = Object.values(variablesOf).flatMap((properties) => Object.entries(properties));
const example = readFileSync(join(root, '.env.example'), 'utf8');
const listed = new Map(
  [...example.matchAll(/^#? ?([A-Z][A-Z_]+)=(.*)$/gm)].map(([, name = '', value = '']) => [
    name,
    value,
  ]),
);

test('.env.example lists every variable that is read, and no other', () => {
  expect([...listed.keys()].sort()).toEqual([...new Set(variables.map(([name]) => name))].sort());
});

test('.env.example shows the default of every variable that has one for all apps', () => {
  for (const [name, value] of listed) {
    const defaults = variables
      .filter(([other]) => other === name)
      .map(([, variable]) => variable.default);
    if (new Set(defaults).size === 1 && defaults[0] !== undefined)
      expect([name, value]).toEqual([name, String(defaults[0])]);
  }
});

test('every variable says what it is', () => {
  for (const [name, variable] of variables) {
    expect([name, variable.description]).toEqual([name, expect.stringMatching(/\w+/)]);
  }
});
