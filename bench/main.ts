// npm run bench -- NAME… [--reduced] [--runs N]: JSON lines on stdout, progress and a table on stderr. Without a name: all of them.
// Ends with 1 when a target is missed; with --reduced, when one is missed by more than twice.
import { readdirSync } from 'node:fs';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { describeError } from '@gomon/runtime';
import { interruptions } from '../tools/local-stack/interruptions.ts';
import type { Benchmark, Measurement } from './benchmark.ts';
import { judge, renderTable, type Judged } from './figures/verdict.ts';

const folder = new URL('./benchmarks/', import.meta.url);
const all = readdirSync(folder)
  .filter((file) => /^[a-z-]+\.ts$/.test(file))
  .map((file) => file.slice(0, -'.ts'.length));

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { reduced: { type: 'boolean', default: false }, runs: { type: 'string' } },
});
const say = (line: string) => console.error(line);
const unknown = positionals.filter((name) => !all.includes(name));
const runs = Number(values.runs ?? (values.reduced ? 1 : 3));

if (unknown.length > 0 || !Number.isInteger(runs) || runs < 1) {
  say(`Usage: npm run bench -- [NAME…] [--reduced] [--runs N]\nNames: ${all.join(', ')}`);
  process.exit(2);
}

say(`${cpus().length} × ${cpus()[0]?.model}, Node ${process.version}, median of ${runs}`);
const { given: signal, forced } = interruptions();
forced.addEventListener('abort', () => process.exit(1));
const judged: Judged[] = [];
let broken = false;
for (const name of positionals.length > 0 ? positionals : all) {
  try {
    for await (const measurement of await start(name)) {
      report(name, measurement);
      signal.throwIfAborted();
    }
  } catch (error) {
    broken = true;
    say(`${name}: ${signal.aborted ? 'interrupted' : describeError(error)}`);
  }
  if (signal.aborted) break;
}
say(renderTable(judged));
const missed = judged.filter(({ verdict }) => verdict === 'failed').length;
say(`bench: ${judged.length - missed} passed, ${missed + Number(broken)} failed`);
process.exitCode = broken || missed > 0 ? 1 : 0;

async function start(name: string): Promise<AsyncIterable<Measurement>> {
  const { benchmark } = (await import(new URL(`${name}.ts`, folder).href)) as {
    benchmark: Benchmark;
  };
  say(`${name} …`);
  return benchmark({ reduced: values.reduced, runs, say, signal });
}

function report(name: string, measurement: Measurement): void {
  const result = judge(name, measurement, values.reduced);
  judged.push(result);
  console.log(JSON.stringify(result));
}
