// A child process for `probe.ts`: answers every request with a small 200, by HTTP and by HTTPS on two ports of 127.0.0.1, which it
// sends to its parent as [http, https]. Ends with its parent.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';

const certificates = new URL('../../apps/prober/test/certificates/', import.meta.url);
const pem = (name: string) => readFileSync(new URL(`${name}.pem`, certificates));

const servers: Server[] = [
  createServer(),
  createTlsServer({ cert: pem('localhost'), key: pem('key') }),
];
const ports = await Promise.all(servers.map(listen));
process.on('disconnect', () => process.exit());
process.send?.(ports);

async function listen(server: Server): Promise<number> {
  server.on('request', (_request, response) => response.end('all is well\n'));
  server.listen({ host: '127.0.0.1', port: 0, backlog: 4096 });
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}
