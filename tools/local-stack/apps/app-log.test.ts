import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { expect, test } from '@jest/globals';
import { keepLog } from './app-log.ts';

test('keeps every line in the file and shows the records at or above the level', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'gomon-log-'));
  const file = join(directory, 'app.log');
  const [output, errors, shown] = [new PassThrough(), new PassThrough(), [] as string[]];
  const log = keepLog([output, errors], {
    file,
    terminalLevel: 'warn',
    show: (line) => shown.push(line),
  });
  output.end('{"level":30,"msg":"started"}\n{"level":40,"msg":"slow","error":"timeout"}\n');
  await once(output, 'close');
  errors.end('Error: no such thing\n');
  await log.complete;
  expect(shown).toEqual(['slow: timeout']);
  expect(log.lastLines()).toEqual(['started', 'slow: timeout', 'Error: no such thing']);
  expect(readFileSync(file, 'utf8').split('\n')).toHaveLength(4);
  rmSync(directory, { recursive: true });
});
