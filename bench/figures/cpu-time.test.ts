import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from '@jest/globals';
import { cpuTime } from './cpu-time.ts';

test('a family is counted while its children end, and what they have used is never lost', async () => {
  const parent = spawn('sh', ['-c', 'for i in $(seq 300); do (: $(seq 2000)); done'], {
    stdio: 'ignore',
  });
  try {
    await once(parent, 'spawn');
    const times: number[] = [];
    while (parent.exitCode === null && times.length < 20_000) {
      times.push(cpuTime(parent.pid as number, { family: true }));
      if (times.length % 100 === 0) await new Promise(setImmediate);
    }
    expect(times.length).toBeGreaterThan(100);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  } finally {
    parent.kill();
  }
});
