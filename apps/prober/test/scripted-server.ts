import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import {
  createServer as createTlsServer,
  getCACertificates,
  setDefaultCACertificates,
  type TlsOptions,
} from 'node:tls';

/** What a server does with each connection. */
export type Script = (socket: Socket) => void;

export interface ScriptedServer {
  readonly port: number;
  readonly url: string;
}

type CertificateName =
  | 'localhost'
  | 'expired'
  | 'future'
  | 'elsewhere'
  | 'authority'
  | 'self-signed'
  | 'stranger'
  | 'behind-intermediate'
  | 'intermediate';

const running: { server: Server; sockets: Set<Socket> }[] = [];

/** A TCP server on loopback that follows the script. */
export function serve(script: Script): Promise<ScriptedServer> {
  return listen(createServer(script), 'http');
}

/** The same with TLS; `authority` is self-signed, `stranger` is issued by an unknown authority. */
export function serveTls(
  certificate: CertificateName,
  script: Script,
  options: TlsOptions = {},
): Promise<ScriptedServer> {
  return listen(
    createTlsServer({ cert: readPem(certificate), key: readPem('key'), ...options }, script),
    'https',
  );
}

/** From now on this process trusts certificates of the test authority. */
export function trustTestAuthority(): void {
  setDefaultCACertificates([...getCACertificates('default'), readPem('authority')]);
}

export async function stopServers(): Promise<void> {
  for (const { server, sockets } of running.splice(0)) {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  }
}

/** Waits for the request's first bytes, then passes the socket to `respond`. */
export function onRequest(respond: (socket: Socket, request: string) => void): Script {
  return (socket) => socket.once('data', (bytes) => respond(socket, bytes.toString('latin1')));
}

/** Waits for the request, then sends `text` and leaves the connection open. */
export function sending(text: string): Script {
  return onRequest((socket) => socket.write(text, 'latin1'));
}

/** Sends `first`, then `text` repeatedly: every `pauseMs`, or as fast as the other side reads. */
export function repeating(first: string, text: string, pauseMs = 0): (socket: Socket) => void {
  return (socket) => {
    const step = () => {
      if (socket.destroyed) return;
      const isFlushed = socket.write(text);
      if (pauseMs > 0) setTimeout(step, pauseMs);
      else if (isFlushed) setImmediate(step);
      else socket.once('drain', step);
    };
    socket.write(first);
    step();
  };
}

/** Makes `server` listen on loopback until `stopServers`. */
export async function listen(server: Server, scheme: string): Promise<ScriptedServer> {
  const sockets = new Set<Socket>();
  running.push({ server, sockets });
  server.on('connection', (socket: Socket) => sockets.add(socket));
  for (const event of ['connection', 'secureConnection']) {
    server.on(event, (socket: Socket) => socket.on('error', () => undefined)); // Probes disconnect abruptly.
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { port, url: `${scheme}://127.0.0.1:${port}/` };
}

export function readPem(name: CertificateName | 'key'): string {
  return readFileSync(new URL(`certificates/${name}.pem`, import.meta.url), 'utf8');
}
