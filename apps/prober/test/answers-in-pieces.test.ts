import { request } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { afterAll, expect, test } from '@jest/globals';
import { createDial, parseNetworks } from '@gomon/egress';
import fc from 'fast-check';
import { createHttpRequest } from '../src/probes/http/request.ts';
import { startStopwatch } from '../src/probes/stopwatch.ts';
import { createDeadlines } from '../src/probes/deadline.ts';
import { ODD_BODIES } from './odd-answers/bodies.ts';
import { ODD_FIELDS } from './odd-answers/fields.ts';
import { ODD_STATUS_LINES } from './odd-answers/status-lines.ts';
import { cutAt, readPieces } from './read-pieces.ts';
import { serve, stopServers } from './scripted-server.ts';

const ODD_ANSWERS = [...ODD_STATUS_LINES, ...ODD_FIELDS, ...ODD_BODIES];
const SHORT = ODD_ANSWERS.filter(({ bytes }) => bytes.length < 2000);

afterAll(stopServers);

test.each(SHORT.map((odd) => [odd.what, odd] as const))(
  'reads %s the same, however its bytes are cut',
  (_, odd) => {
    const bytes = Buffer.from(odd.bytes, 'latin1');
    const method = odd.method ?? 'GET';
    const whole = readPieces([bytes], method);
    for (let place = 0; place <= bytes.length; place++)
      expect(readPieces(cutAt(bytes, [place]), method)).toEqual(whole);
    const each = Array.from(bytes, (byte) => Buffer.from([byte]));
    expect(readPieces(each, method)).toEqual(whole);
  },
);

test('reads a long head the same, however its bytes are cut', () => {
  const long = ODD_FIELDS.filter(({ bytes }) => bytes.length > 10_000);
  const places = fc.array(fc.nat(300_000), { maxLength: 20 });
  fc.assert(
    fc.property(fc.constantFrom(...long), places, ({ bytes }, cuts) => {
      const answer = Buffer.from(bytes, 'latin1');
      const inside = cuts.map((place) => place % (answer.length + 1));
      expect(readPieces(cutAt(answer, inside), 'GET')).toEqual(readPieces([answer], 'GET'));
    }),
    { numRuns: 200 },
  );
});

test('gives up on a head at the limit, byte by byte', () => {
  const drips = Array<Buffer>(300_000).fill(Buffer.from('x'));
  expect(readPieces([Buffer.from('HTTP/1.1 200 OK\r\nx: '), ...drips], 'GET')).toEqual({
    cause: 'header_limit',
  });
});

/** An odd answer with bytes changed, left out, doubled, or reordered. */
const mutated = fc
  .tuple(
    fc.constantFrom(...SHORT),
    fc.array(
      fc.record({
        kind: fc.constantFrom('set', 'cut', 'double', 'insert'),
        at: fc.nat(2000),
        length: fc.nat(30),
        bytes: fc.oneof(
          fc.uint8Array({ maxLength: 6 }),
          fc.constantFrom(
            '\r\n',
            '\n',
            '\0',
            ' ',
            ':',
            '0',
            'chunked',
            'Content-Length: 5\r\n',
            'HTTP/1.1 100 \r\n\r\n',
          ),
        ),
      }),
      { minLength: 1, maxLength: 8 },
    ),
  )
  .map(([{ bytes }, changes]) =>
    changes.reduce(
      (buffer, { kind, at, length, bytes: given }) => {
        const place = at % (buffer.length + 1);
        const [before, after] = [buffer.subarray(0, place), buffer.subarray(place)];
        const inserted =
          typeof given === 'string' ? Buffer.from(given, 'latin1') : Buffer.from(given);
        if (kind === 'cut') return Buffer.concat([before, after.subarray(length)]);
        if (kind === 'double') return Buffer.concat([before, after.subarray(0, length), after]);
        return Buffer.concat([
          before,
          inserted,
          after.subarray(kind === 'set' ? inserted.length : 0),
        ]);
      },
      Buffer.from(bytes, 'latin1'),
    ),
  );

test('a damaged answer is an answer or a fault of the target, however it is cut, and never longer than it was', () => {
  fc.assert(
    fc.property(
      mutated,
      fc.array(fc.nat(2000), { maxLength: 5 }),
      fc.constantFrom('GET', 'HEAD'),
      (bytes, cuts, method) => {
        const read = readPieces([bytes], method);
        if ('body' in read) expect(read.body.length).toBeLessThanOrEqual(bytes.length);
        const places = cuts.map((place) => place % (bytes.length + 1));
        expect(readPieces(cutAt(bytes, places), method)).toEqual(read);
      },
    ),
    { numRuns: 20_000 },
  );
});

const token = fc.stringMatching(/^[a-zA-Z][a-zA-Z0-9-]{0,15}$/);
const value = fc.stringMatching(/^[!-~]([ -~]{0,20}[!-~])?$/);
const wellFormed = fc
  .record({
    status: fc.integer({ min: 200, max: 599 }),
    reason: fc.stringMatching(/^[A-Za-z ]{0,20}$/),
    fields: fc.array(
      fc.tuple(
        token.map((name) => `x-${name}`),
        value,
      ),
      { maxLength: 10 },
    ),
    body: fc.array(fc.string({ unit: 'binary-ascii', minLength: 1, maxLength: 40 }), {
      maxLength: 5,
    }),
    framing: fc.constantFrom('length', 'chunked', 'close'),
    method: fc.constantFrom('GET', 'HEAD'),
    interim: fc.nat(2),
  })
  .map(({ status, reason, fields, body, framing, method, interim }) => {
    const framed = {
      length: [`Content-Length: ${body.join('').length}\r\n\r\n`, body.join('')],
      chunked: [
        'Transfer-Encoding: chunked\r\n\r\n',
        `${body.map((text) => `${text.length.toString(16)};x=y\r\n${text}\r\n`).join('')}0\r\nx-trailer: y\r\n\r\n`,
      ],
      close: ['\r\n', body.join('')],
    }[framing];
    const [end = '', content = ''] = framed;
    const lines = fields.map(([name, text]) => `${name}: ${text}\r\n`).join('');
    const hasBody = method === 'GET' && status !== 204 && status !== 304;
    const head = `${'HTTP/1.1 103 Early\r\nlink: x\r\n\r\n'.repeat(interim)}HTTP/1.1 ${status} ${reason}\r\n${lines}${end}`;
    return { method, fields, bytes: head + (hasBody ? content : '') };
  });

test('reads well-formed answers as Node does', async () => {
  let bytes = '';
  const { url } = await serve((socket) => socket.once('data', () => socket.end(bytes, 'latin1')));
  const ask = createHttpRequest(createDial(parseNetworks('127.0.0.1/32')));
  await fc.assert(
    fc.asyncProperty(wellFormed, async (answer) => {
      bytes = answer.bytes;
      const deadline = createDeadlines()(10_000, new AbortController().signal);
      const options = { method: answer.method, headers: {}, deadline, stopwatch: startStopwatch() };
      const ours = await ask(new URL(url), options);
      const body = (await buffer(ours.readBody())).toString('latin1');
      deadline.clear();
      ours.discard();
      const fields = answer.fields.map(([name]) => [
        name,
        ours.fields.all(name.toLowerCase()).join(', '),
      ]);
      const nodes = await askNode(url, answer.method);
      expect({ status: ours.statusCode, body }).toEqual({ status: nodes.status, body: nodes.body });
      expect(fields).toEqual(
        answer.fields.map(([name]) => [name, nodes.headers[name.toLowerCase()]]),
      );
    }),
    { numRuns: 200 },
  );
});

function askNode(url: string, method: string) {
  return new Promise<{
    status: number | undefined;
    body: string;
    headers: NodeJS.Dict<string | string[]>;
  }>((resolve, reject) => {
    const sent = request(url, { method, agent: false }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('error', reject);
      answer.on('end', () =>
        resolve({
          status: answer.statusCode,
          body: Buffer.concat(chunks).toString('latin1'),
          headers: answer.headers,
        }),
      );
    });
    sent.on('error', reject);
    sent.end();
  });
}
