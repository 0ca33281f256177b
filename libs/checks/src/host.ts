const MAX_HOST_LENGTH = 253;
/** What the URL parser would drop, take for the end of a host, or decode. */
const SUSPICIOUS = /[\0-\x20\x7f/?#@\\%]/;

/** Whether `text` is a name or an IP address, which may be in brackets. */
export function isHost(text: string): boolean {
  return parseHost(text) !== null;
}

/** The host in its one spelling (WHATWG), without brackets: "127.1" is 127.0.0.1, and names are in ASCII. */
export function normalizeHost(text: string): string {
  return parseHost(text) ?? text;
}

/** The host and port as in a URL. */
export function hostAndPort(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

function parseHost(text: string): string | null {
  if (SUSPICIOUS.test(text) || !text.isWellFormed()) return null;
  const bare = text.replace(/^\[(.*)\]$/, '$1');
  const url = URL.parse(`http://${bare.includes(':') ? `[${bare}]` : bare}/`);
  const host = url?.hostname.replace(/^\[|\]$/g, '') ?? '';
  return host !== '' && host.length <= MAX_HOST_LENGTH ? host : null;
}
