import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

export interface MailServer {
  readonly url: string;
  /** Accepted emails. */
  readonly mails: readonly { readonly to: readonly string[]; readonly text: string }[];
  /** The status for email to this address from now on; 250 accepts it. */
  answer(address: string, status: number): void;
  stop(): Promise<void>;
}

/** A mail server on loopback that stores its emails; it accepts all recipients but `nobody@…`. */
export async function startMailServer(): Promise<MailServer> {
  const mails: { to: string[]; text: string }[] = [];
  const statuses = new Map<string, number>();
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onRcptTo: ({ address }, _session, done) => {
      const status = statuses.get(address) ?? (address.startsWith('nobody@') ? 550 : 250);
      done(
        status === 250
          ? null
          : Object.assign(new Error('what a mail server says'), { responseCode: status }),
      );
    },
    onData: (stream, { envelope }, done) => {
      let text = '';
      stream.setEncoding('utf8').on('data', (part: string) => (text += part));
      stream.on('end', () => {
        mails.push({ to: envelope.rcptTo.map(({ address }) => address), text });
        done();
      });
    },
  });
  server.on('error', () => undefined);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.server.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${port}`,
    mails,
    answer: (address, status) => void statuses.set(address, status),
    stop: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}
