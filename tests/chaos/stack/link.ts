import { connect, createServer, type Server, type Socket } from 'node:net';
import { freePort } from '@gomon/test-support';

/**
 * `slow`: every piece is passed on later. `blackhole`: nothing is passed on, without an error; the connections that were
 * there stay dead afterwards, too. `refuse`: nobody listens, and the connections that were there break.
 */
export type LinkMode =
  | { readonly kind: 'ok' | 'blackhole' | 'refuse' }
  | { readonly kind: 'slow'; readonly delayMs: number };

/** The link from one process to one server, on a separate port, and what can go wrong on it. */
export interface Link {
  readonly port: number;
  setMode(mode: LinkMode): Promise<void>;
  /** Breaks the connections that are there. */
  breakAll(): void;
  /** The next `count` matching requests reach the server, and their connections break before the answer. */
  loseReplies(request: RegExp, count: number): void;
  /** How many replies were lost so. */
  readonly repliesLost: number;
  close(): Promise<void>;
}

export interface LinkOptions {
  /** The server's port at this moment. */
  readonly upstream: () => number;
  readonly onRequest?: (request: Buffer) => void;
}

interface Connection {
  readonly client: Socket;
  readonly server: Socket | null;
  /** Nothing goes through any more, although both sides are open. */
  dead: boolean;
  losesReply: boolean;
}

export async function startLink(options: LinkOptions): Promise<Link> {
  const port = await freePort();
  const connections = new Set<Connection>();
  let mode: LinkMode = { kind: 'ok' };
  const losses: Losses = { request: /$^/, left: 0, lost: 0 };

  const destroy = (connection: Connection) => {
    connections.delete(connection);
    connection.client.resetAndDestroy();
    connection.server?.resetAndDestroy();
  };
  const onClosed = (connection: Connection, other: Socket | null, brokenly: boolean) => {
    if (connection.dead && mode.kind === 'blackhole') return;
    if (brokenly || connection.dead) return destroy(connection);
    connections.delete(connection);
    other?.end();
  };
  const delayMs = () => (mode.kind === 'slow' ? mode.delayMs : 0);

  function accept(client: Socket): void {
    const dead = mode.kind === 'blackhole';
    const server = dead ? null : connect(options.upstream(), '127.0.0.1');
    const connection: Connection = { client, server, dead, losesReply: false };
    connections.add(connection);
    watch(client, (brokenly) => onClosed(connection, server, brokenly));
    if (server) watch(server, (brokenly) => onClosed(connection, client, brokenly));
    if (!server) return void client.resume();
    relay(connection, server, { delayMs, losses, destroy, onRequest: options.onRequest });
  }

  const server = createServer(accept);
  await listen(server, port);
  const breakAll = () => [...connections].forEach(destroy);
  return {
    port,
    breakAll,
    setMode: async (next) => {
      const before = mode;
      mode = next;
      if (before.kind === 'blackhole')
        for (const connection of connections) if (isHalfClosed(connection)) destroy(connection);
      if (before.kind === 'refuse' && next.kind !== 'refuse') await listen(server, port);
      if (next.kind === 'blackhole') for (const connection of connections) connection.dead = true;
      if (next.kind === 'refuse' && before.kind !== 'refuse') server.close();
      if (next.kind === 'refuse') breakAll();
    },
    loseReplies: (request, count) => {
      losses.request = request;
      losses.left = count;
    },
    get repliesLost() {
      return losses.lost;
    },
    close: async () => {
      breakAll();
      if (server.listening) await new Promise((resolve) => server.close(resolve));
    },
  };
}

function watch(socket: Socket, onClosed: (brokenly: boolean) => void): void {
  socket.setNoDelay(true);
  socket.on('error', () => undefined); // Its end follows.
  socket.on('close', onClosed);
}

interface Losses {
  /** Requests whose replies are lost, and how many more of them. */
  request: RegExp;
  left: number;
  lost: number;
}

interface Relay {
  readonly delayMs: () => number;
  readonly losses: Losses;
  readonly destroy: (connection: Connection) => void;
  readonly onRequest: LinkOptions['onRequest'];
}

/** Hands on what both sides say; a connection ends with the reply that it loses. */
function relay(
  connection: Connection,
  server: Socket,
  { delayMs, losses, destroy, onRequest }: Relay,
): void {
  const request = delayed(delayMs, (chunk) => {
    if (connection.dead) return;
    if (losses.left > 0 && losses.request.test(chunk.toString('latin1'))) {
      connection.losesReply = true;
      losses.left -= 1;
    }
    onRequest?.(chunk);
    server.write(chunk);
  });
  const reply = delayed(delayMs, (chunk) => {
    if (connection.dead) return;
    if (connection.losesReply) {
      losses.lost += 1;
      destroy(connection);
    } else connection.client.write(chunk);
  });
  connection.client.on('data', request);
  server.on('data', reply);
}

/** Passes each piece on after the delay of its time, in the order in which they came. */
function delayed(delayMs: () => number, pass: (chunk: Buffer) => void): (chunk: Buffer) => void {
  const waiting: { chunk: Buffer; due: number }[] = [];
  const passDue = () => {
    for (let first = waiting[0]; first; first = waiting[0]) {
      const early = first.due - performance.now();
      if (early > 0) return void setTimeout(passDue, early);
      waiting.shift();
      pass(first.chunk);
    }
  };
  return (chunk) => {
    if (waiting.length === 0 && delayMs() === 0) return pass(chunk);
    waiting.push({ chunk, due: performance.now() + delayMs() });
    if (waiting.length === 1) passDue();
  };
}

const isHalfClosed = ({ client, server }: Connection) =>
  client.destroyed || !server || server.destroyed;

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
}
