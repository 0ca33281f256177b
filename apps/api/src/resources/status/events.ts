import { PassThrough } from 'node:stream';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { Db } from '@gomon/persistence';
import Type from 'typebox';
import { heldByNobody } from '../../http/connection-holder.ts';
import { createLiveEvents, type LiveEvent } from '../../http/live-events.ts';
import { Problem } from '../../problem.ts';

const HEARTBEAT_MS = 15_000;
/** Clients reconnect after this time and authenticate again. */
const LONGEST_MS = 300_000;
/** For a listener that does not read. */
const MAX_UNREAD_BYTES = 1_048_576;

const EventStream = Type.String({
  description:
    '`event: check` with `{monitorId, slot, outcome}`, `event: stale` with `{monitorId, stale}` when a monitor becomes stale or recovers, `event: alert` with `{alertId, monitorId, state}`, where the state is `open`, `acknowledged` or `resolved`. A comment comes first, when events start, and then every 15 s.',
});

const getEventsSchema = {
  summary: 'Stream your checks and alerts',
  description:
    'Server-sent events. The stream ends after five minutes: reconnect. It ends within seconds of its session or API key. Events between two streams are not sent.',
  tags: ['service'],
  response: {
    200: {
      description: 'A stream of events.',
      content: { 'text/event-stream': { schema: EventStream } },
    },
  },
};

export const eventRoutes: FastifyPluginAsyncTypebox<{ db: Db }> = async (app, { db }) => {
  const live = createLiveEvents(db, (error) =>
    app.log.warn({ error: error.message }, 'cannot send events'),
  );
  const streams = new Set<PassThrough>();
  app.addHook('preClose', async () => {
    live.stop();
    for (const stream of streams) stream.end();
  });

  app.get(
    '/events',
    {
      schema: getEventsSchema,
      config: { problems: ['stream_limit_reached'] },
      exposeHeadRoute: false,
      handlerTimeout: LONGEST_MS + HEARTBEAT_MS,
    },
    async (request, reply) => {
      const stream = new PassThrough();
      const write = (text: string) => {
        if (stream.writableLength > MAX_UNREAD_BYTES) stream.destroy();
        else if (stream.writable) stream.write(text);
      };
      let begun = false;
      const listener = {
        ...request.caller,
        tell: (events: readonly LiveEvent[]) => {
          if (!begun) write(': changes from here on\n\n');
          begun = true;
          if (events.length > 0) write(events.map(toText).join(''));
        },
        end: () => stream.end(),
      };
      const leave = heldByNobody(() => live.join(listener)); // The first listener starts the polling for all.
      if (!leave) throw new Problem('stream_limit_reached', 'Too many event streams are open.');
      const heartbeat = setInterval(() => write(':\n\n'), HEARTBEAT_MS).unref();
      const end = setTimeout(() => stream.end(), LONGEST_MS).unref();
      streams.add(stream);
      stream.once('close', () => {
        leave();
        clearInterval(heartbeat);
        clearTimeout(end);
        streams.delete(stream);
      });
      // The schema describes the text of the stream.
      return reply
        .type('text/event-stream')
        .header('x-accel-buffering', 'no')
        .send(stream as unknown as string);
    },
  );
};

function toText({ event, data }: LiveEvent): string {
  return `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}
