import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { root } from './run.ts';

const MAPS = [
  'apps/dashboard/src/kinds/all.ts',
  'apps/prober/src/probes/all.ts',
  'libs/checks/src/all.ts',
];
/** The kind as a word, a key or a file: not the protocol. */
const MENTION = /(['"`])tcp\1|\btcp(?:[,:](?!\/\/)| \})|\/tcp(?:\/|\.tsx?)/;

const sources = execFileSync(
  'git',
  [
    'ls-files',
    '--cached',
    '--others',
    '--exclude-standard',
    ':(glob)apps/*/src/**',
    ':(glob)libs/*/src/**',
    'prisma',
  ],
  {
    cwd: root,
    encoding: 'utf8',
  },
)
  .split('\n')
  .filter(
    (file) =>
      /\.(tsx?|sql|prisma)$/.test(file) &&
      !/\.test\.tsx?$|^libs\/client\/src\/openapi\.ts$/.test(file),
  );

test('a kind of check is five files at most and three entries in maps, and no migration', () => {
  const mentioning = sources.filter((file) => MENTION.test(readFileSync(join(root, file), 'utf8')));
  expect(mentioning).toEqual(expect.arrayContaining(MAPS));
  const own = mentioning.filter((file) => !MAPS.includes(file));
  expect(own.length).toBeLessThanOrEqual(5);
  expect(own.filter((file) => /prisma|persistence|scheduler|api/.test(file))).toEqual([]);
});

test.each(MAPS)('%s has one entry for it', (file) => {
  const lines = readFileSync(join(root, file), 'utf8').split('\n');
  const entries = lines.filter(
    (line) => MENTION.test(line) && !/^import |^export .* from /.test(line),
  );
  expect(entries).toHaveLength(1);
});
