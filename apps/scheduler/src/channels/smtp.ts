import { createTransport } from 'nodemailer';
import type { Mail, Receipt } from './channel.ts';

export interface Smtp {
  send(mail: Mail): Promise<Receipt>;
  close(): void;
}

const TIMEOUT_MS = 10_000;

/** `url` is empty where the operator has set up no mail; then every mail fails, and says so. */
export function createSmtp(url: string, from: string): Smtp {
  if (!url) return { send: async () => ({ statusCode: null, error: 'this GoMon has no SMTP_URL' }), close: () => undefined };
  const timeouts = {
    connectionTimeout: TIMEOUT_MS,
    greetingTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
    dnsTimeout: TIMEOUT_MS,
  };
  const transport = createTransport({ url, pool: true, maxConnections: 5, ...timeouts });
  const domain = from.match(/@([\w.-]+)/)?.[1] ?? 'gomon.invalid';
  return {
    async send({ messageId, to, ...mail }) {
      try {
        await transport.sendMail({ from, to: [...to], messageId: `<${messageId}@${domain}>`, ...mail });
        return { statusCode: null, error: null };
      } catch (error) {
        return describeFault(error);
      }
    },
    close: () => transport.close(),
  };
}

function describeFault(error: unknown): Receipt {
  const { responseCode, code } = error as { responseCode?: number; code?: string };
  const what = code === 'EAUTH' ? 'the mail server refused our login' : 'the mail server could not be reached';
  return { statusCode: responseCode ?? null, error: responseCode ? `the mail server answered ${responseCode}` : what };
}
