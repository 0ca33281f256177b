// We accept as an answer what curl accepts. The table records the verdicts of curl 8.23 and 7.88;
// an installed curl is asked as well.
import { execFile, spawnSync } from 'node:child_process';
import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createDial, parseNetworks } from '@gomon/egress';
import { createHttpRequest } from '../src/probes/http/request.ts';
import { startStopwatch } from '../src/probes/stopwatch.ts';
import { createDeadlines } from '../src/probes/deadline.ts';
import { ODD_BODIES } from './odd-answers/bodies.ts';
import { ODD_FIELDS } from './odd-answers/fields.ts';
import type { OddAnswer } from './odd-answers/odd-answer.ts';
import { ODD_STATUS_LINES } from './odd-answers/status-lines.ts';
import { onRequest, serve, stopServers } from './scripted-server.ts';

/** The result of a request: no status without an answer, no body unless it was complete. */
interface Taken {
  readonly status: number | null;
  readonly body: string | null;
}

const ODD_ANSWERS = [...ODD_STATUS_LINES, ...ODD_FIELDS, ...ODD_BODIES].map(
  (odd) => [odd.what, odd] as const,
);
const run = promisify(execFile);
const curlVersion = /^curl (\d+\.\d+)\.\d+/.exec(
  spawnSync('curl', ['--version'], { encoding: 'utf8' }).stdout ?? '',
)?.[1];
const asCurl = curlVersion === undefined ? test.skip : test;
let url: string;

beforeAll(async () => {
  if (curlVersion === undefined)
    console.log('curl is not in PATH: using the recorded verdicts only');
  ({ url } = await serve(
    onRequest((socket, request) => {
      const [, odd] = ODD_ANSWERS[Number(/\/(\d+)/.exec(request)?.[1])] ?? [];
      socket.end(odd?.bytes ?? '', 'latin1');
    }),
  ));
});
afterAll(stopServers);

const urlOf = (odd: OddAnswer) => `${url}${ODD_ANSWERS.findIndex(([, other]) => other === odd)}`;
const expectedOf = ({ curl, ours }: OddAnswer) => (ours ? ours[0] : curl);

test.each(ODD_ANSWERS)('a probe reads %s as the table says', async (_, odd) => {
  expect((await fetchOurselves(odd)).status).toBe(expectedOf(odd));
});

asCurl.each(ODD_ANSWERS)(
  'a probe and the installed curl read %s alike, or the table explains why not',
  async (_, odd) => {
    const [ours, curls] = await Promise.all([fetchOurselves(odd), fetchByCurl(odd)]);
    if (curlVersion === '8.23') expect(curls.status).toBe(odd.curl);
    if (curlVersion === '7.88')
      expect(curls.status).toBe(odd.curl7 === undefined ? odd.curl : odd.curl7);
    if (odd.ours) return;
    if (curls.status !== null) expect(ours.status).toBe(curls.status);
    if (curls.body !== null && odd.curl7 === undefined) expect(ours.body).toBe(curls.body);
  },
);

test('the table is long, and explains each difference', () => {
  expect(new Set(ODD_ANSWERS.map(([what]) => what)).size).toBe(ODD_ANSWERS.length);
  expect(ODD_ANSWERS.length).toBeGreaterThan(140);
  const stricter = ODD_ANSWERS.filter(
    ([, odd]) => odd.curl !== null && expectedOf(odd) === null,
  ).map(([what]) => what);
  expect(stricter).toEqual([
    'a status of four digits',
    '21 interim answers',
    '280 KB of fields',
    'an end amid a field',
  ]);
});

async function fetchOurselves(odd: OddAnswer): Promise<Taken> {
  const deadline = createDeadlines()(10_000, new AbortController().signal);
  const request = createHttpRequest(createDial(parseNetworks('127.0.0.1/32')));
  const options = {
    method: odd.method ?? 'GET',
    headers: {},
    deadline,
    stopwatch: startStopwatch(),
  };
  try {
    const answer = await request(new URL(urlOf(odd)), options);
    const body = await buffer(answer.readBody());
    answer.discard();
    return { status: answer.statusCode, body: body.toString('latin1') };
  } catch {
    return { status: null, body: null };
  } finally {
    deadline.clear();
  }
}

const QUIETLY = ['-q', '-sS', '--noproxy', '*', '--max-time', '10', '-w', '\n%{http_code}'];

async function fetchByCurl(odd: OddAnswer): Promise<Taken> {
  const what = odd.method === 'HEAD' ? ['--head', '-o', '/dev/null'] : [];
  const { stdout, code } = await run('curl', [...QUIETLY, ...what, urlOf(odd)], {
    encoding: 'latin1',
  }).then(
    (done) => ({ stdout: done.stdout, code: 0 }),
    (failed: { stdout: string; code: number }) => failed,
  );
  const end = stdout.lastIndexOf('\n');
  const status = Number(stdout.slice(end));
  if (status < 200 || (code !== 0 && !odd.breaksOff)) return { status: null, body: null };
  return { status, body: code === 0 ? stdout.slice(0, end) : null };
}
