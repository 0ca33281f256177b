import type { Reason } from './reason.ts';

interface CauseEntry {
  readonly reasons: readonly Reason[];
  /** For people, as the end of "down because: …". */
  readonly words: string;
}

/** Causes, with the reasons they may refine. Published names never change. */
const ENTRIES = {
  certificate_expired: { reasons: ['tls'], words: 'certificate expired' },
  certificate_not_yet_valid: { reasons: ['tls'], words: 'certificate not yet valid' },
  certificate_revoked: { reasons: ['tls'], words: 'certificate revoked' },
  self_signed: { reasons: ['tls'], words: 'self-signed certificate' },
  unknown_authority: { reasons: ['tls'], words: 'certificate of an unknown authority' },
  incomplete_chain: {
    reasons: ['tls'],
    words: 'the server does not send its intermediate certificate',
  },
  wrong_host: { reasons: ['tls'], words: 'certificate for another name' },
  client_certificate_wanted: { reasons: ['tls'], words: 'the server wants a client certificate' },
  tls_version: { reasons: ['tls'], words: 'no TLS version in common' },
  tls_handshake: { reasons: ['tls'], words: 'TLS handshake failed' },
  not_tls: { reasons: ['tls'], words: 'the server does not speak TLS on this port' },
  http2_only: { reasons: ['tls', 'protocol'], words: 'the server speaks only HTTP/2' },
  connection_refused: { reasons: ['connect'], words: 'connection refused' },
  reset: { reasons: ['connect', 'tls'], words: 'connection reset' },
  unreachable: { reasons: ['connect'], words: 'host unreachable' },
  connection_closed: {
    reasons: ['connect', 'tls', 'protocol'],
    words: 'connection closed without an answer',
  },
  nxdomain: { reasons: ['dns'], words: 'name not found' },
  dns_no_address: { reasons: ['dns'], words: 'the name has no address' },
  dns_servfail: { reasons: ['dns'], words: 'name servers failed' },
  dns_timeout: { reasons: ['dns'], words: 'name servers did not answer' },
  timeout_dns: { reasons: ['timeout'], words: 'timed out looking up the name' },
  timeout_connect: { reasons: ['timeout'], words: 'timed out connecting' },
  timeout_tls: { reasons: ['timeout'], words: 'timed out in the TLS handshake' },
  timeout_first_byte: { reasons: ['timeout'], words: 'timed out waiting for an answer' },
  timeout_body: { reasons: ['timeout'], words: 'timed out reading the answer' },
  header_limit: { reasons: ['protocol'], words: 'header fields too large' },
  malformed_answer: { reasons: ['protocol'], words: 'the answer is not valid HTTP' },
  too_many_interim_answers: { reasons: ['protocol'], words: 'too many interim answers' },
  bad_upgrade: {
    reasons: ['protocol'],
    words: 'the server did not complete the upgrade to a WebSocket',
  },
  wrong_subprotocol: { reasons: ['protocol'], words: 'the server did not choose the subprotocol' },
  malformed_message: { reasons: ['protocol'], words: 'the server sent an invalid message' },
  unwanted_upgrade: { reasons: ['protocol'], words: 'the server switched protocols' },
  body_limit: {
    reasons: ['body'],
    words: 'text not found in the part of the body that is searched',
  },
  body_missing_text: { reasons: ['body'], words: 'text not found in the body' },
  answer_missing_text: { reasons: ['body'], words: 'text not found in what the server sent' },
  unreadable_encoding: { reasons: ['body'], words: 'the body has an encoding that cannot be read' },
  redirect_loop: { reasons: ['too_many_redirects'], words: 'redirects lead in a circle' },
  redirect_malformed: { reasons: ['bad_redirect'], words: 'redirect to something that is no URL' },
  redirect_not_http: { reasons: ['bad_redirect'], words: 'redirect away from HTTP' },
  unexpected_status: { reasons: ['http_status'], words: 'unexpected status' },
  blocked_address: { reasons: ['blocked_target'], words: 'its address is not allowed' },
  blocked_port: { reasons: ['blocked_target'], words: 'its port is not allowed' },
  queue_late: { reasons: ['expired'], words: 'no prober had time for the check' },
  no_descriptors: { reasons: ['internal'], words: 'the prober ran out of file descriptors' },
  no_ports: { reasons: ['internal'], words: 'the prober ran out of ports' },
  no_memory: { reasons: ['internal'], words: 'the prober ran out of memory' },
  no_route: { reasons: ['internal'], words: 'the prober has no route to this address' },
  not_permitted: {
    reasons: ['internal'],
    words: "the prober's own machine forbids the connection",
  },
  resolver_failed: { reasons: ['internal'], words: "the prober's resolver fails for every name" },
  cut_off: { reasons: ['internal'], words: 'the prober was cut off from the network' },
  stalled: { reasons: ['internal'], words: 'the prober stood still' },
  prober_died: { reasons: ['internal'], words: 'the prober died during the check' },
} as const satisfies Readonly<Record<string, CauseEntry>>;

export type Cause = keyof typeof ENTRIES;

/** The details below the reason of a check. */
export const CAUSES = Object.keys(ENTRIES) as readonly Cause[];

const BY_NAME: ReadonlyMap<string, CauseEntry> = new Map(Object.entries(ENTRIES));

/** Whether `cause` may refine `reason`. */
export function isCauseOf(cause: unknown, reason: Reason): cause is Cause {
  return typeof cause === 'string' && (BY_NAME.get(cause)?.reasons.includes(reason) ?? false);
}

const LONGEST_DETAIL = 200;
const UNPRINTABLE = /[\p{C}\p{Zl}\p{Zp}]/u;

/** Whether `text` may be the detail of a cause: short, and printable in one line. */
export function isCauseDetail(text: unknown): text is string {
  return (
    typeof text === 'string' &&
    text !== '' &&
    text.length <= LONGEST_DETAIL &&
    !UNPRINTABLE.test(text)
  );
}

/**
 * Any text as the detail of a cause: cut, without unprintable characters. Null when nothing is
 * left.
 */
export function toCauseDetail(text: string): string | null {
  const printable = text.slice(0, 2 * LONGEST_DETAIL).replaceAll(new RegExp(UNPRINTABLE, 'gu'), '');
  if (printable.length <= LONGEST_DETAIL) return printable || null;
  return `${printable.slice(0, LONGEST_DETAIL - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

const REASON_WORDS: Readonly<Record<Reason, string>> = {
  http_status: 'unexpected status',
  timeout: 'no answer in time',
  dns: 'its name was not found',
  connect: 'no connection',
  tls: 'TLS failed',
  too_many_redirects: 'too many redirects',
  bad_redirect: 'a redirect that cannot be followed',
  protocol: 'no valid HTTP',
  body: 'the body lacks the text',
  blocked_target: 'its address is not allowed',
  expired: 'checked too late',
  internal: 'fault of the prober',
  superseded: 'the settings were changed while the check was under way',
};

/** Why a check did not succeed, in words for people: "certificate expired on 3 November 2026". */
export function describeCause(
  reason: Reason,
  cause: Cause | null,
  detail: string | null,
  statusCode: number | null,
): string {
  if (reason === 'http_status' && statusCode !== null) {
    const expected = detail && /^expected (.*), got \d+$/.exec(detail)?.[1];
    return expected ? `status ${statusCode}, expected ${expected}` : `status ${statusCode}`;
  }
  if (!cause) return REASON_WORDS[reason];
  const { words } = ENTRIES[cause];
  const day = detail && toDay(detail);
  if (cause === 'certificate_expired' && day) return `${words} on ${day}`;
  if (cause === 'certificate_not_yet_valid' && day) return `${words}, only from ${day} on`;
  return detail ? `${words} (${detail})` : words;
}

const DAY = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'long',
  year: 'numeric',
  timeZone: 'UTC',
});

/** The day of the moment at the end of `detail`. */
function toDay(detail: string): string | null {
  const moment = / (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)$/.exec(detail)?.[1];
  return moment ? DAY.format(new Date(moment)) : null;
}
