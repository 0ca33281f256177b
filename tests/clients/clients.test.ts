import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startTestApi, type TestApi } from '@gomon/api/testing';
import { root } from '../repository/run.ts';
import { linters, openapiGenerator, pythonGenerator, succeed } from './tools.ts';

const here = join(root, 'tests/clients');
/** What each client does, and sees. */
const SEEN = { name: 'shop', timeoutMs: 10_000, monitors: 1, refused: 400 };

let api: TestApi;
let url: string;
let directory: string;
let description: string;
beforeAll(async () => {
  api = await startTestApi();
  url = await api.app.listen({ host: '127.0.0.1', port: 0 });
  expect((api.app.server.address() as AddressInfo).port).toBeGreaterThan(0);
  directory = mkdtempSync(join(tmpdir(), 'gomon-clients-'));
  description = join(directory, 'openapi.json');
  writeFileSync(description, await (await fetch(`${url}/openapi.json`)).text());
});
afterAll(async () => {
  rmSync(directory, { recursive: true, force: true });
  await api.stop();
});

const lastLine = (output: string) => JSON.parse(output.trim().split('\n').at(-1) ?? '') as unknown;

test('a client by openapi-generator for Go compiles, and does what it should', async () => {
  const project = join(directory, 'go');
  const parts =
    'models,apis,supportingFiles,apiTests=false,modelTests=false,apiDocs=false,modelDocs=false';
  const options = [
    '--additional-properties=packageName=gomon,withGoMod=false',
    `--global-property=${parts}`,
  ];
  const output = join(project, 'client');
  await succeed('java', [
    '-jar',
    await openapiGenerator(),
    'generate',
    '-i',
    description,
    '-g',
    'go',
    '-o',
    output,
    ...options,
  ]);
  writeFileSync(join(project, 'go.mod'), 'module gomon\n\ngo 1.22\n');
  cpSync(join(here, 'main.go'), join(project, 'main.go'));
  await succeed('go', ['vet', './...'], project);
  expect(lastLine(await succeed('go', ['run', '.', url, 'gopher'], project))).toEqual(SEEN);
});

test('a client by openapi-python-client compiles, and does what it should', async () => {
  const project = join(directory, 'python');
  mkdirSync(project);
  const programs = await pythonGenerator();
  const options = ['--meta', 'none', '--output-path', join(project, 'gomon_client')];
  await succeed(join(programs, 'openapi-python-client'), [
    'generate',
    '--path',
    description,
    ...options,
  ]);
  cpSync(join(here, 'use_client.py'), join(project, 'use_client.py'));
  await succeed(join(programs, 'python'), ['-m', 'compileall', '-q', project]);
  expect(
    lastLine(await succeed(join(programs, 'python'), ['use_client.py', url, 'guido'], project)),
  ).toEqual(SEEN);
});

/** Types are compared, and this file is compiled, with each change: see `client-types.test.ts` and `typecheck`. */
test('a client by openapi-typescript does what it should', async () => {
  const output = await succeed(process.execPath, [
    '--no-warnings',
    join(here, 'use-client.ts'),
    url,
    'anders',
  ]);
  expect(lastLine(output)).toEqual(SEEN);
});

test('Redocly finds no error in the description', async () => {
  const output = await succeed(join(await linters(), 'redocly'), [
    'lint',
    description,
    '--config',
    join(here, 'redocly.yaml'),
  ]);
  expect(output).toContain('Your API description is valid');
});

test('Spectral finds no error in the description', async () => {
  const output = await succeed(join(await linters(), 'spectral'), [
    'lint',
    description,
    '-r',
    join(here, 'spectral.json'),
  ]);
  expect(output).toContain('No results with a severity of');
});
