import { execFileSync } from 'node:child_process';
import { expect, test } from '@jest/globals';

/** What the statement logs, in a separate process: the logger writes to standard output. */
function logged(statement: string): string {
  const url = new URL('./logger.ts', import.meta.url).href;
  const code = `import { createLogger } from '${url}'; const logger = createLogger('test', 'info'); ${statement}`;
  return execFileSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8' });
}

test.each([
  'authorization',
  'cookie',
  'password',
  'currentPassword',
  'token',
  'secret',
  'key',
  'headers',
])('removes fields named "%s", down to the third level', (name) => {
  const record = {
    [name]: 'planted',
    a: { [name]: 'planted', b: { [name]: 'planted' } },
    kept: 'kept',
  };
  const line = logged(`logger.info(${JSON.stringify(record)}, 'said')`);
  expect(line).toContain('kept');
  expect(line).not.toContain('planted');
});

test('never logs a malformed URL', () => {
  const line = logged(
    `try { new URL('redis://:planted@[bad') } catch (err) { logger.error({ err }, 'failed') }`,
  );
  expect(JSON.parse(line)).toMatchObject({
    err: { message: 'Invalid URL', code: 'ERR_INVALID_URL' },
  });
  expect(line).not.toContain('planted');
});
