import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { nx, root, run } from './run.ts';

let copy: string;
let faults: Map<string, string[]>;

beforeAll(async () => {
  copy = mkdtempSync(join(tmpdir(), 'gomon-boundaries-'));
  const files = execFileSync(
    'git',
    ['ls-files', '--cached', '--others', '--exclude-standard', '-z'],
    {
      cwd: root,
      encoding: 'utf8',
    },
  );
  for (const file of files.split('\0').filter((name) => name && existsSync(join(root, name)))) {
    mkdirSync(dirname(join(copy, file)), { recursive: true });
    cpSync(join(root, file), join(copy, file), { errorOnExist: false });
  }
  cpSync(
    join(root, 'libs/persistence/src/generated'),
    join(copy, 'libs/persistence/src/generated'),
    { recursive: true },
  );
  linkPackages();
  const { code, output } = await nx(['graph', '--file=graph.json'], { cwd: copy });
  if (code !== 0) throw new Error(output);
  faults = await lintSources();
}, 300_000);
afterAll(() => rmSync(copy, { recursive: true, force: true }));

/** Every installed package, but with our own libs pointing into the copy. */
function linkPackages(): void {
  mkdirSync(join(copy, 'node_modules/@gomon'), { recursive: true });
  for (const name of readdirSync(join(root, 'node_modules'))) {
    if (name !== '@gomon')
      symlinkSync(join(root, 'node_modules', name), join(copy, 'node_modules', name));
  }
  for (const name of readdirSync(join(root, 'node_modules/@gomon'))) {
    const link = readlinkSync(join(root, 'node_modules/@gomon', name));
    symlinkSync(link, join(copy, 'node_modules/@gomon', name));
  }
}

const importOf = (name: string) => `import * as it from '${name}';\nexport const used = it;\n`;
const illegal: [string, string][] = [
  ['apps/prober', '@gomon/persistence'],
  ['apps/prober', 'pg'],
  ['apps/prober', '../../scheduler/src/loop.ts'],
  ['apps/api', '@gomon/queue-contracts'],
  ['apps/api', '@gomon/persistence/pipeline'],
  ['apps/api', 'bullmq'],
  ['apps/scheduler', 'pg'],
  ['apps/admin', '@gomon/egress'],
  ['apps/admin', 'pg'],
  ['apps/admin', '@gomon/persistence/pipeline'],
  ['apps/scheduler', '@gomon/persistence/testing'],
  ['libs/domain', '@gomon/runtime'],
  ['libs/domain', 'typebox'],
  ['libs/alerting', '@gomon/persistence'],
  ['libs/queue-contracts', '@gomon/persistence'],
  ['libs/persistence', '@gomon/queue-contracts'],
  ['libs/channels', '@gomon/persistence'],
  ['libs/channels', 'fastify'],
  ['apps/prober', '@gomon/channels'],
  ['libs/egress', '@gomon/persistence'],
  ['libs/checks', '@gomon/persistence'],
  ['libs/runtime', '@gomon/domain'],
  ['libs/client', '@gomon/domain'],
  ['apps/dashboard', '@gomon/domain'],
  ['apps/dashboard', '@gomon/checks'],
];
const sources: Record<string, string> = {
  ...Object.fromEntries(
    illegal.map(([project, name], i) => [`${project}/src/illegal-${i}.ts`, importOf(name)]),
  ),
  'apps/api/src/environment.ts': "export const home = process.env['HOME'];\n",
  'apps/prober/src/legal.ts': importOf('@gomon/queue-contracts'),
  'tests/e2e/deep.ts': importOf('../../apps/prober/src/prober.ts'),
  'tests/e2e/by-export.ts': importOf('@gomon/prober/testing'),
};

/** What lint says of each of the sources. */
async function lintSources(): Promise<Map<string, string[]>> {
  const files = Object.keys(sources);
  for (const file of files) {
    mkdirSync(dirname(join(copy, file)), { recursive: true });
    writeFileSync(join(copy, file), sources[file] ?? '');
  }
  const { output } = await run(
    [join(root, 'node_modules/eslint/bin/eslint.js'), '--format=json', ...files],
    { cwd: copy },
  );
  const reports = JSON.parse(output) as {
    filePath: string;
    messages: { ruleId: string; message: string }[];
  }[];
  return new Map(
    reports.map(({ filePath, messages }) => [
      relative(copy, filePath),
      messages.map((m) => `${m.ruleId}: ${m.message}`),
    ]),
  );
}

test.each(illegal.map(([project, name], i) => [project, name, i] as const))(
  'lint refuses %s to import %s',
  (project, _, i) => {
    expect(faults.get(`${project}/src/illegal-${i}.ts`)).toContainEqual(
      expect.stringMatching(/^(@nx\/enforce-module-boundaries|no-restricted-imports): /),
    );
  },
);

test('lint refuses an app to read the environment outside its main.ts', () => {
  expect(faults.get('apps/api/src/environment.ts')).toContainEqual(
    expect.stringContaining('Only main.ts reads the environment'),
  );
});

test('lint refuses a test of the whole to reach into a package', () => {
  expect(faults.get('tests/e2e/deep.ts')).toContainEqual(
    expect.stringMatching(/^no-restricted-imports: /),
  );
});

test('lint accepts imports that the architecture allows', () => {
  expect(faults.get('apps/prober/src/legal.ts')).toEqual([]);
  expect(faults.get('tests/e2e/by-export.ts')).toEqual([]);
});

test('lint refuses imports in a circle, also where only types are imported', async () => {
  const oxlint = [join(root, 'node_modules/oxlint/bin/oxlint'), 'libs/domain'];
  expect(await run(oxlint, { cwd: copy })).toMatchObject({ code: 0 });
  const file = (name: string) => join(copy, 'libs/domain/src', name);
  writeFileSync(
    file('one.ts'),
    "import type { Other } from './other.ts';\nexport type One = Other | null;\n",
  );
  writeFileSync(
    file('other.ts'),
    "import type { One } from './one.ts';\nexport type Other = One | 1;\n",
  );
  const { code, output } = await run(oxlint, { cwd: copy });
  expect(code).not.toBe(0);
  expect(output).toContain('import(no-cycle)');
});

test('the graph has the arrows of the architecture and no other', () => {
  const { graph } = JSON.parse(readFileSync(join(copy, 'graph.json'), 'utf8')) as {
    graph: { dependencies: Record<string, { target: string }[]> };
  };
  const inner = new Set([
    'admin',
    'api',
    'scheduler',
    'prober',
    'dashboard',
    'client',
    'domain',
    'alerting',
    'channels',
    'encryption',
    'checks',
    'queue-contracts',
    'persistence',
    'egress',
    'maintenance',
    'encryption',
    'runtime',
  ]);
  const arrows = Object.entries(graph.dependencies)
    .filter(([project]) => inner.has(project))
    .map(([project, targets]) => [
      project,
      [...new Set(targets.map(({ target }) => target))]
        .filter((target) => inner.has(target))
        .sort(),
    ]);
  expect(Object.fromEntries(arrows)).toEqual({
    admin: ['domain', 'encryption', 'persistence', 'runtime'],
    api: [
      'admin',
      'alerting',
      'channels',
      'checks',
      'dashboard',
      'domain',
      'egress',
      'encryption',
      'maintenance',
      'persistence',
      'runtime',
    ],
    scheduler: [
      'admin',
      'alerting',
      'channels',
      'checks',
      'domain',
      'egress',
      'encryption',
      'maintenance',
      'persistence',
      'queue-contracts',
      'runtime',
    ],
    prober: ['checks', 'domain', 'egress', 'encryption', 'queue-contracts', 'runtime'],
    alerting: ['domain'],
    channels: ['domain'],
    'queue-contracts': ['checks', 'domain'],
    persistence: ['channels', 'checks', 'domain'],
    checks: [],
    egress: ['domain'],
    maintenance: ['domain'],
    dashboard: ['client'],
    client: [],
    runtime: [],
    encryption: [],
    domain: [],
  });
});
