/** An odd answer, what curl makes of it, and what we do. */
export interface OddAnswer {
  readonly what: string;
  /** In Latin-1. The server closes the connection after it. */
  readonly bytes: string;
  /** The status that curl 8.23 reads; null when it rejects the answer. */
  readonly curl: number | null;
  /** That of curl 7.88, where it differs, or where it reads another body. */
  readonly curl7?: number | null;
  /** Ours, where it differs from curl 8.23, and why. */
  readonly ours?: readonly [number | null, why: string];
  readonly method?: 'HEAD';
  /** The head is an answer, the body ends in an error: fine unless the body is read. */
  readonly breaksOff?: true;
}

export const ok = 'HTTP/1.1 200 OK\r\n';
export const two = 'Content-Length: 2\r\n\r\nok';
export const chunked = `${ok}Transfer-Encoding: chunked\r\n\r\n`;

export const LENIENT_AS_7 = 'curl 7.88 takes it, and so do we';
