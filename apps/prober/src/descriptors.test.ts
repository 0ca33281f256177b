import { spawnSync } from 'node:child_process';
import { expect, test } from '@jest/globals';
import { lacksDescriptors } from './descriptors.ts';

/**
 * Uses up descriptors until `left` are free, then looks up a name that always exists and one that
 * never does.
 */
const script = (left: number) => `
  import { openSync, closeSync } from 'node:fs';
  import { lookup } from 'node:dns';
  import { whyOf } from '${import.meta.dirname}/probes/failure-reason.ts';
  const taken = [];
  try { for (;;) taken.push(openSync('/dev/null')); } catch {}
  for (const descriptor of taken.splice(0, ${left})) closeSync(descriptor);
  const why = (name) => new Promise((tell) => lookup(name, (error) => tell(error ? whyOf(error, 'dns') : null)));
  const found = [await why('localhost'), await why('gomon-test.invalid')];
  for (const descriptor of taken) closeSync(descriptor);
  console.log(JSON.stringify(found.map((why) => why && why.reason + ' ' + why.cause)));`;

function findingsWith(left: number): unknown[] {
  const command = `ulimit -n 64; exec "$0" --no-warnings --input-type=module -e "$1"`;
  const { stdout, stderr } = spawnSync('sh', ['-c', command, process.execPath, script(left)], {
    encoding: 'utf8',
  });
  if (!stdout) throw new Error(stderr);
  return JSON.parse(stdout) as unknown[];
}

test('this process has enough descriptors', () => {
  expect(lacksDescriptors()).toBe(false);
});

test.each([0, 1, 3])(
  'a prober with %i free descriptors reports no name as missing, whatever its resolver says',
  (left) => {
    const [there, never] = findingsWith(left);
    expect([null, 'internal no_descriptors']).toContain(there);
    expect(never).toBe('internal no_descriptors');
  },
  60_000,
);

test('a prober with free descriptors reports a missing name as its resolver does', () => {
  expect(findingsWith(40)).toEqual([null, expect.stringMatching(/^dns /)]);
});
