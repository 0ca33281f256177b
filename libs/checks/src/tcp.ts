import Type from 'typebox';
import { optionalText } from './fields.ts';
import { hostAndPort, normalizeHost } from './host.ts';
import type { CheckKind } from './kind.ts';

const TcpSettings = Type.Object({
  host: Type.String({
    maxLength: 253,
    format: 'host',
    description: 'A name or an IP address.',
    examples: ['db.example.com'],
  }),
  port: Type.Integer({ minimum: 1, maximum: 65_535 }),
  send: optionalText(
    'Sent once the connection stands. Not to ports where it could do harm, unless the operator allows the network.',
  ),
  expect: optionalText(
    'Text that the server must send, in UTF-8, within the timeout and its first 65536 bytes.',
  ),
});

/** A connection, and what is said over it. */
export const tcp: CheckKind<typeof TcpSettings> = {
  kind: 'tcp',
  targetLabel: 'Address',
  settings: TcpSettings,
  secrets: [],
  normalize: (settings) => ({ ...settings, host: normalizeHost(settings.host) }),
  target: ({ host, port }) => hostAndPort(host, port),
  host: ({ host }) => host,
  // What a user writes goes only where a line of HTTP may go, too. To connect and to listen does no harm anywhere.
  destination: ({ host, port, send }) => ({
    host: normalizeHost(host),
    port,
    anyPort: send === null,
    portRule: 'to which nothing may be sent: leave out `send`',
    hostField: 'host',
    portField: 'port',
    fields: ['host', 'port', 'send'],
  }),
  faults: () => [],
};
