import { readLines, startForked } from '../stack/forked.ts';
import { startLink, type Link } from '../stack/link.ts';
import type { ReceiverKind } from './script.ts';

/** One message that a receiver had. */
export interface Message {
  /** Seconds since the epoch. */
  readonly at: number;
  readonly path: string;
  /** Its `webhook-id`. */
  readonly id: string;
  readonly body: string;
  /** Whether its signature and timestamp are those of Standard Webhooks. */
  readonly isSigned: boolean;
  /** How it was answered; the sender may not have received that answer. */
  readonly status: number;
}

/** The receivers of the channels, as a separate process. */
export interface Receivers {
  urlOf(kind: ReceiverKind, number: number): string;
  /** The way to the faulty ones. */
  readonly link: Link;
  /** Whether the faulty ones answer 500. */
  fail(isFailing: boolean): void;
  /** In the order in which they came. */
  messages(): readonly Message[];
  stop(): Promise<void>;
}

export async function startReceivers(logFile: string): Promise<Receivers> {
  const forked = await startForked<{ port: number }>(new URL('main.ts', import.meta.url), logFile);
  const link = await startLink({ upstream: () => forked.said.port });
  return {
    urlOf: (kind, number) =>
      `http://127.0.0.1:${kind === 'faulty' ? link.port : forked.said.port}/${kind}/${number}`,
    link,
    fail: (isFailing) => void forked.child.send(isFailing ? 'fail' : 'take'),
    messages: () => readLines<Message>(logFile),
    stop: async () => {
      await link.close();
      await forked.stop();
    },
  };
}
