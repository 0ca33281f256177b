import { expect, test } from '@jest/globals';
import { nx } from './run.ts';

/** The projects whose `target` a change of `file` runs. */
async function affectedBy(file: string, target: string): Promise<string[]> {
  const { code, output } = await nx([
    'show',
    'projects',
    '--affected',
    `--files=${file}`,
    '--with-target',
    target,
    '--json',
  ]);
  if (code !== 0) throw new Error(output);
  return (JSON.parse(output.slice(output.indexOf('['))) as string[]).sort();
}

test("a change of the prober runs the prober's tests, and no other app's", async () => {
  const projects = await affectedBy('apps/prober/src/main.ts', 'test');
  expect(projects).toContain('prober');
  for (const other of ['api', 'scheduler', 'persistence', 'domain'])
    expect(projects).not.toContain(other);
});

test("a change of the Prisma schema runs the tests of persistence and of all that depends on it, and not the prober's", async () => {
  const projects = await affectedBy('prisma/schema.prisma', 'test');
  expect(projects).toEqual(expect.arrayContaining(['api', 'persistence', 'scheduler']));
  expect(projects).not.toContain('prober');
});

test('a change of the domain builds every app', async () => {
  expect(await affectedBy('libs/domain/src/slots.ts', 'build')).toEqual([
    'api',
    'prober',
    'scheduler',
  ]);
});

test('a change of a page of documentation tests nothing of the apps', async () => {
  const projects = await affectedBy('docs/architecture.md', 'test');
  for (const app of ['api', 'scheduler', 'prober']) expect(projects).not.toContain(app);
});
