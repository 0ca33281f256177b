import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { OnProgress } from '@gomon/test-support';
import { Webhook } from 'standardwebhooks';

export interface NotificationReceiver {
  readonly url: string;
  /** The types of the messages whose signatures were right, in the order in which they came. */
  readonly verified: readonly string[];
  /** By which the signatures are judged from now on. */
  trust(secret: string): void;
  stop(): Promise<void>;
}

/** A webhook on loopback that checks the signature of what it is sent, and says what that is. */
export async function startNotificationReceiver(say: OnProgress): Promise<NotificationReceiver> {
  const verified: string[] = [];
  let webhook: Webhook | null = null;
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => (body += text));
    request.on('end', () => {
      const message = verify(webhook, body, request.headers);
      if (message) verified.push(message.type);
      say(
        message
          ? `NOTIFICATION received, its signature is right: ${message.data.title}`
          : 'A notification with a wrong signature',
      );
      response.writeHead(message ? 204 : 401).end();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    verified,
    trust: (secret) => (webhook = new Webhook(secret)),
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

interface Message {
  readonly type: string;
  readonly data: { readonly title: string };
}

function verify(
  webhook: Webhook | null,
  body: string,
  headers: IncomingHttpHeaders,
): Message | null {
  try {
    return (webhook?.verify(body, headers as Record<string, string>) ?? null) as Message | null;
  } catch {
    return null;
  }
}
