import { execFile } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../repository/run.ts';

/** None of these is among our packages: together they are as large as all of those. They are kept here from one run to the next. */
const CACHE = join(root, '.gomon/clients');
const VERSIONS = {
  openapiGenerator: '7.14.0',
  openapiPythonClient: '0.29.1',
  redocly: '2.8.0',
  spectral: '6.15.0',
} as const;

export interface Ended {
  readonly code: number;
  readonly output: string;
}

/** Runs a program from the PATH; its code is not 0 where there is none of that name. */
export function call(command: string, args: readonly string[], cwd = root): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(command, args, { cwd, maxBuffer: 2 ** 26 }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
      resolve({ code, output: `${stdout}${stderr}${code === -1 ? String(error?.message) : ''}` });
    });
  });
}

/** The file of the generator by OpenAPI, which needs Java; Maven brings it. */
export async function openapiGenerator(): Promise<string> {
  const jar = join(CACHE, `openapi-generator-cli-${VERSIONS.openapiGenerator}.jar`);
  if (existsSync(jar)) return jar;
  mkdirSync(CACHE, { recursive: true });
  const artifact = `org.openapitools:openapi-generator-cli:${VERSIONS.openapiGenerator}:jar`;
  const goal = 'org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy';
  await succeed('mvn', ['-q', '-B', goal, `-Dartifact=${artifact}`, `-DoutputDirectory=${CACHE}`]);
  return jar;
}

export const pythonGenerator = (): Promise<string> =>
  python('openapi-python-client', VERSIONS.openapiPythonClient);

/** The directory of the programs of a Python environment with this package in it. */
export async function python(name: string, version: string): Promise<string> {
  const environment = join(CACHE, `${name}-${version}`);
  const programs = join(environment, 'bin');
  if (existsSync(join(programs, name))) return programs;
  mkdirSync(CACHE, { recursive: true });
  await succeed('python3', ['-m', 'venv', environment]);
  await succeed(join(programs, 'pip'), ['install', '-q', `${name}==${version}`]);
  return programs;
}

/** Their scripts of installation, of which one reports to its maker, are not run. */
export async function linters(): Promise<string> {
  const programs = join(CACHE, 'linters/node_modules/.bin');
  if (existsSync(join(programs, 'spectral'))) return programs;
  mkdirSync(join(CACHE, 'linters'), { recursive: true });
  const packages = [
    `@redocly/cli@${VERSIONS.redocly}`,
    `@stoplight/spectral-cli@${VERSIONS.spectral}`,
  ];
  const options = [
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--no-save',
    '--prefix',
    join(CACHE, 'linters'),
  ];
  await succeed('npm', ['install', ...options, ...packages]);
  return programs;
}

/** What it printed. Throws when it fails. */
export async function succeed(
  command: string,
  args: readonly string[],
  cwd = root,
): Promise<string> {
  const { code, output } = await call(command, args, cwd);
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}:\n${output}`);
  return output;
}
