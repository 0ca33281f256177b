import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { root, run, type Ended } from '../repository/run.ts';

interface Described {
  readonly components: {
    readonly schemas: Record<
      string,
      { readonly properties: Record<string, unknown>; required: string[] }
    >;
  };
  readonly paths: Record<string, unknown>;
}

const directory = mkdtempSync(join(tmpdir(), 'gomon-compatibility-'));
const base = join(directory, 'base.json');
copyFileSync(join(root, 'docs/openapi/last-release.json'), base);

afterAll(() => rmSync(directory, { recursive: true }));

/** What the check says of the last release's description after `change`. */
function checkAfter(change: (description: Described) => void): Promise<Ended> {
  const revision = join(directory, 'revision.json');
  const description = JSON.parse(readFileSync(base, 'utf8')) as Described;
  change(description);
  writeFileSync(revision, JSON.stringify(description));
  return run([
    '--no-warnings',
    'tools/client-types/check-compatibility.ts',
    '--base',
    base,
    '--revision',
    revision,
  ]);
}

test('a field that an answer no longer has breaks clients', async () => {
  const { code, output } = await checkAfter(({ components }) => {
    const { Monitor } = components.schemas;
    delete Monitor?.properties['threshold'];
    if (Monitor) Monitor.required = Monitor.required.filter((name) => name !== 'threshold');
  });
  expect({ code, output }).toEqual({
    code: 1,
    output: expect.stringMatching(/removed .*threshold/),
  });
});

test('an operation that is gone breaks clients', async () => {
  const { code, output } = await checkAfter(({ paths }) => delete paths['/v1/tags']);
  expect({ code, output }).toEqual({ code: 1, output: expect.stringContaining('/v1/tags') });
});

test('a new field of an answer breaks nobody', async () => {
  const { code } = await checkAfter(({ components }) => {
    Object.assign(components.schemas['Monitor']?.properties ?? {}, { colour: { type: 'string' } });
  });
  expect(code).toBe(0);
});
