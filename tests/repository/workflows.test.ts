import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { root, nx } from './run.ts';

interface Job {
  readonly steps: readonly { readonly uses?: string; readonly run?: string }[];
  readonly strategy?: { readonly matrix: { readonly app: string | readonly string[] } };
}

interface Workflow {
  readonly on?: { readonly push?: { readonly tags?: readonly string[] } };
  readonly permissions: Record<string, string>;
  readonly jobs: Record<string, Job>;
}

const directory = join(root, '.github/workflows');
const texts = readdirSync(directory).map(
  (name) => [name, readFileSync(join(directory, name), 'utf8')] as const,
);
const workflows = new Map(texts.map(([name, text]) => [name, parse(text) as Workflow]));
const stepsOf = (workflow: Workflow | undefined) =>
  Object.values(workflow?.jobs ?? {}).flatMap((job) => job.steps);

test.each(texts)(
  '%s names every action by its commit, and beside it the version',
  (_name, text) => {
    const uses = text.split('\n').filter((line) => /^\s*(- )?uses:/.test(line));
    expect(uses.length).toBeGreaterThan(0);
    for (const line of uses)
      expect(line).toMatch(/uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  },
);

test.each([...workflows])(
  '%s may only read unless a job says otherwise',
  (_name, { permissions }) => {
    expect(permissions).toEqual({ contents: 'read' });
  },
);

test('every npm script that a workflow runs is there', () => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  const called = [...workflows.values()]
    .flatMap(stepsOf)
    .flatMap(({ run = '' }) => [...run.matchAll(/npm run ([\w:-]+)/g)]);
  for (const [, name = ''] of called) expect(Object.keys(scripts)).toContain(name);
});

test('the tag that a release sets is one that publishes, and its version is that of package.json', () => {
  const { release } = JSON.parse(readFileSync(join(root, 'nx.json'), 'utf8')) as {
    release: { releaseTag: { pattern: string }; version: { manifestRootsToUpdate: string[] } };
  };
  const [pattern = ''] = workflows.get('release.yml')?.on?.push?.tags ?? [];
  const tag = release.releaseTag.pattern.replace('{version}', '1.20.3');
  expect(tag).toMatch(new RegExp(`^${pattern.replaceAll('.', '\\.')}$`));
  expect(release.version.manifestRootsToUpdate).toContain('.');
});

test('a release publishes the image of every app', async () => {
  const { output } = await nx(['show', 'projects', '--with-target', 'image', '--json']);
  const apps = JSON.parse(output.slice(output.indexOf('['))) as string[];
  const published = workflows.get('release.yml')?.jobs['images']?.strategy?.matrix.app;
  expect([...(published ?? [])].sort()).toEqual(apps.sort());
});
