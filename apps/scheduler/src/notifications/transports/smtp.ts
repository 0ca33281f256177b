import { createTransport } from 'nodemailer';
import type { Mail } from '../channels/channel.ts';
import type { Receipt } from '../receipt.ts';

export interface Smtp {
  send(mail: Mail): Promise<Receipt>;
  close(): void;
}

/** Longer than for HTTP: these timeouts also run while our process is stalled. */
const TIMEOUT_MS = 20_000;

/** `url` is empty when the operator has set up no email; then every email fails and says so. */
export function createSmtp(url: string, from: string): Smtp {
  if (!url)
    return {
      send: async () => ({ statusCode: null, error: 'email is not set up: SMTP_URL is empty' }),
      close: () => undefined,
    };
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
        const mailed = await transport.sendMail({
          from,
          to: [...to],
          messageId: `<${messageId}@${domain}>`,
          ...mail,
        });
        const [refused] = mailed.rejectedErrors ?? [];
        return refused ? describeFault(refused) : { statusCode: null, error: null };
      } catch (error) {
        return describeFault(error);
      }
    },
    close: () => transport.close(),
  };
}

interface MailFault {
  readonly code?: string;
  readonly responseCode?: number;
  readonly command?: string;
}

/**
 * A 5xx to the recipient or the message itself is permanent; one to the login, the sender or the
 * connection is about this GoMon's setup, which its operator may fix.
 */
function describeFault(fault: unknown): Receipt {
  const { responseCode, code, command = '' } = fault as MailFault;
  const what =
    code === 'EAUTH' ? 'the mail server refused our login' : 'the mail server could not be reached';
  if (!responseCode) return { statusCode: null, error: what };
  const said = `the mail server answered ${responseCode}`;
  const about = ABOUT[command] ?? null;
  const isFinal = about !== null && responseCode >= 500;
  if (isFinal)
    return { statusCode: responseCode, error: `${said}: it does not accept ${about}`, isFinal };
  return { statusCode: responseCode, error: code === 'EAUTH' ? `${said}: ${what}` : said };
}

const ABOUT: Readonly<Record<string, string>> = {
  'RCPT TO': 'mail for this address',
  DATA: 'this mail',
};
