import type { Destination } from './kind.ts';

const MAX_URL_LENGTH = 2048;
/** What URL parsers drop silently, and NUL, which a target might drop. */
const SUSPICIOUS = /[\0-\x20\x7f]|%00/;

/**
 * Whether `text` is an absolute http or https URL without credentials, short enough and without
 * blanks.
 */
export function isTargetUrl(text: string): boolean {
  return /^https?:\/\//i.test(text) && isPlainUrl(text);
}

/** The same for a ws or wss URL. */
export function isWebSocketUrl(text: string): boolean {
  return /^wss?:\/\//i.test(text) && isPlainUrl(text);
}

function isPlainUrl(text: string): boolean {
  if (SUSPICIOUS.test(text) || !text.isWellFormed()) return false;
  const url = URL.parse(text);
  return (
    url !== null &&
    !url.username &&
    !url.password &&
    url.port !== '0' &&
    normalizeTargetUrl(text).length <= MAX_URL_LENGTH
  );
}

/** The URL in canonical form (WHATWG), without the fragment, which targets never see. */
export function normalizeTargetUrl(text: string): string {
  const url = new URL(text);
  url.hash = '';
  return url.href;
}

/** Where a request to the URL in the field `url` connects to. */
export function destinationOfUrl(url: string): Destination {
  const { hostname, port } = new URL(url);
  return {
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? null : Number(port),
    anyPort: false,
    portRule: 'which is not a port for HTTP',
    hostField: 'url',
    portField: 'url',
    fields: ['url'],
  };
}
