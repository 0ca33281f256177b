import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CHANNEL_KINDS } from '@gomon/channels';
import { expect, test } from '@jest/globals';
import { root } from './run.ts';

/** Sources of the product that a person writes. */
const sources = execFileSync(
  'git',
  [
    'ls-files',
    '--cached',
    '--others',
    '--exclude-standard',
    'apps/*/src/*',
    'libs/*/src/*',
    'prisma/schema.prisma',
  ],
  { cwd: root, encoding: 'utf8' },
)
  .split('\n')
  .filter(
    (file) => file !== '' && !file.includes('.test.') && file !== 'libs/client/src/openapi.ts',
  );

/** Not those after which an operator's setting, a transport or a screen is called, too. */
const NAMED_ONCE = CHANNEL_KINDS.filter((kind) =>
  ['slack', 'discord', 'msteams', 'ntfy'].includes(kind),
);

test.each(NAMED_ONCE)('a channel kind like %s is two files and three entries in maps', (kind) => {
  const naming = sources.filter((file) =>
    new RegExp(`\\b${kind}\\b`).test(readFileSync(join(root, file), 'utf8')),
  );
  expect(naming.sort()).toEqual(
    [
      'apps/dashboard/src/pages/channels/channel-kinds.ts',
      'apps/scheduler/src/notifications/channels/all.ts',
      `apps/scheduler/src/notifications/channels/${kind}.ts`,
      'libs/channels/src/all.ts',
      `libs/channels/src/${kind}.ts`,
    ].sort(),
  );
});
