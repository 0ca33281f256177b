import Type from 'typebox';
import { optionalText, requestHeaders } from './fields.ts';
import type { CheckKind } from './kind.ts';
import { destinationOfUrl, normalizeTargetUrl } from './target-url.ts';

const WebSocketSettings = Type.Object({
  url: Type.String({
    maxLength: 2048,
    format: 'websocket-url',
    examples: ['wss://example.com/live'],
  }),
  headers: requestHeaders('Sent with the request for the upgrade. Redirects are not followed.'),
  subprotocol: Type.Unsafe<string | null>({
    type: ['string', 'null'],
    minLength: 1,
    maxLength: 100,
    pattern: "^[!#$%&'*+.^_`|~0-9A-Za-z-]+$",
    default: null,
    description: 'A subprotocol that the server must choose, such as `graphql-transport-ws`.',
  }),
  send: optionalText('A text message, sent once the connection stands.'),
  expect: optionalText(
    'Text that a message from the server must hold, within the timeout and the first 65536 bytes of messages.',
  ),
});

/** An upgrade to a WebSocket, and what is said over it. */
export const websocket: CheckKind<typeof WebSocketSettings> = {
  kind: 'websocket',
  targetLabel: 'URL',
  settings: WebSocketSettings,
  secrets: ['headers'],
  normalize: (settings) => ({ ...settings, url: normalizeTargetUrl(settings.url) }),
  target: ({ url }) => url,
  host: ({ url }) => URL.parse(url)?.hostname ?? url,
  destination: ({ url }) => destinationOfUrl(url),
  faults: () => [],
};
