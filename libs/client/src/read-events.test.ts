import { expect, test } from '@jest/globals';
import { readEvents, type LiveEvent } from './read-events.ts';

async function eventsOf(...chunks: string[]): Promise<LiveEvent[]> {
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    start: (controller) => {
      for (const chunk of chunks) controller.enqueue(new TextEncoder().encode(chunk));
      controller.close();
    },
  });
  return Array.fromAsync(readEvents(body));
}

test('reads events however the network cut them', async () => {
  const events = [
    { event: 'check', content: { slot: 'é' } },
    { event: 'alert', content: 2 },
  ];
  expect(
    await eventsOf('event: check\nda', 'ta: {"slot":"é"}\n', '\nevent: alert\ndata: 2\n\n'),
  ).toEqual(events);
});

test('passes over comments and what the end of the stream cut off', async () => {
  expect(await eventsOf(': still here\n\n', 'data: 1\n\nevent: check\ndata: 2')).toEqual([
    { event: 'message', content: 1 },
  ]);
});
