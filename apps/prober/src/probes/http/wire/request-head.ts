export interface RequestHead {
  readonly method: string;
  readonly url: URL;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Length of the body, if there is one. */
  readonly contentLength?: number | undefined;
}

const DEFAULT_HEADERS = {
  'user-agent': 'GoMon/0.1 (uptime monitor)',
  accept: '*/*',
  'accept-encoding': 'identity',
};
/** A connection is used once. */
const CLOSE = { connection: 'close' };
const DEFAULT_LINES = toLines({ ...DEFAULT_HEADERS, ...CLOSE });

/** The head of a request, as Latin-1 text. Throws for a field that would break out of its line. */
export function writeRequestHead({ method, url, headers, contentLength }: RequestHead): string {
  const length = contentLength === undefined ? '' : `content-length: ${contentLength}\r\n`;
  const lines =
    Object.keys(headers).length === 0
      ? `host: ${url.host}\r\n${DEFAULT_LINES}`
      : linesWith(headers, url);
  return `${method} ${url.pathname}${url.search} HTTP/1.1\r\n${lines}${length}\r\n`;
}

function linesWith(own: RequestHead['headers'], { host }: URL): string {
  for (const [name, value] of Object.entries(own)) {
    if (!NAME.test(name) || !VALUE.test(value))
      throw new TypeError('a header field cannot be sent');
  }
  return toLines({ host, ...DEFAULT_HEADERS, ...own, ...CLOSE });
}

const NAME = /^[!#$%&'*+.^_`|~0-9a-z-]+$/;
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

function toLines(fields: Readonly<Record<string, string>>): string {
  return Object.entries(fields)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('');
}
