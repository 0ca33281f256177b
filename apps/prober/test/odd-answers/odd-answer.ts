/** An answer that is not pretty, what curl makes of it, and what we do. */
export interface OddAnswer {
  readonly what: string;
  /** In Latin-1. The server closes the connection behind it. */
  readonly bytes: string;
  /** The status that curl 8.23 takes it for; null when it takes it for none. */
  readonly curl: number | null;
  /** Of curl 7.88, where that is another, or it reads another body. */
  readonly curl7?: number | null;
  /** Ours, where it is another than that of curl 8.23, and why. */
  readonly ours?: readonly [number | null, why: string];
  readonly method?: 'HEAD';
  /** The head is an answer, its body ends in an error: for whoever does not read it, all is well. */
  readonly breaksOff?: true;
}

export const ok = 'HTTP/1.1 200 OK\r\n';
export const two = 'Content-Length: 2\r\n\r\nok';
export const chunked = `${ok}Transfer-Encoding: chunked\r\n\r\n`;

export const LENIENT_AS_7 = 'curl 7.88 takes it, and so do we';
