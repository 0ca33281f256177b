// The least that answers a GET with a token check and a checked answer: one route of Fastify with a JWT and a TypeBox response, and the
// same monitor each time. Gets the monitor with its first message, and says where it listens.
import jwt from '@fastify/jwt';
import { fastify } from 'fastify';
import type { Static } from 'typebox';
import { MonitorAnswer } from '@gomon/api/testing';

process.once('disconnect', () => process.exit(1));
process.once('message', (monitor: Static<typeof MonitorAnswer>) => void listen(monitor));

async function listen(monitor: Static<typeof MonitorAnswer>): Promise<void> {
  const app = fastify();
  await app.register(jwt, {
    secret: 'a secret of thirty-two bytes or more',
    sign: { algorithm: 'HS256' },
    verify: { algorithms: ['HS256'] },
  });
  app.get(
    '/monitors/:id',
    { schema: { response: { 200: MonitorAnswer } }, onRequest: (request) => request.jwtVerify() },
    async () => monitor,
  );
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  process.send?.({
    url: `${url}/monitors/${monitor.id}`,
    token: app.jwt.sign({ sub: monitor.id }),
  });
}
