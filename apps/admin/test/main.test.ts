import { expect, test } from '@jest/globals';
import { runAdmin } from './run-admin.ts';

test('--help lists the commands', async () => {
  const { code, output } = await runAdmin(['--help']);
  expect(code).toBe(0);
  for (const command of ['migrate', 'doctor', 'rotate-secrets', 'populate'])
    expect(output).toMatch(new RegExp(`^  ${command} `, 'm'));
});

test('--help after a command lists the variables that it reads, with their defaults', async () => {
  const { code, output } = await runAdmin(['migrate', '--help']);
  expect(code).toBe(0);
  expect(output).toMatch(/DATABASE_URL\n +PostgreSQL\. Required\./);
  expect(output).toMatch(/SHARD_COUNT\n .* Default: 16\./);
});

test('--version prints the version of the package', async () => {
  expect(await runAdmin(['--version'])).toEqual({
    code: 0,
    output: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
  });
});

test.each([
  ['no command', [], 'which command?'],
  ['an unknown command', ['reseal'], 'there is no command "reseal"'],
  [
    'the name of something that every object has',
    ['constructor'],
    'there is no command "constructor"',
  ],
  ['an argument', ['migrate', 'now'], '"migrate" takes no arguments'],
  ['an unknown option', ['migrate', '--fast'], "Unknown option '--fast'"],
])('%s ends with exit code 2 and the usage', async (_, args, fault) => {
  const { code, output } = await runAdmin(args);
  expect(code).toBe(2);
  expect(output).toContain(fault);
  expect(output).toContain('Usage: gomon-admin COMMAND');
});

test('a command without its variables ends with exit code 1 and names them', async () => {
  expect(await runAdmin(['migrate'], { DATABASE_URL: '' })).toEqual({
    code: 1,
    output: 'gomon-admin migrate: Configuration: DATABASE_URL is not set\n',
  });
});

test('a command whose database does not answer says so in one line', async () => {
  const { code, output } = await runAdmin(['populate'], {
    DATABASE_URL: 'postgresql://a:b@127.0.0.1:1/gomon',
    POPULATE_URL: 'http://target/',
  });
  expect({ code, output }).toEqual({
    code: 1,
    output: "gomon-admin populate: Can't reach database server at 127.0.0.1:1\n",
  });
});
