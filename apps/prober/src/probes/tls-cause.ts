import type { DetailedPeerCertificate } from 'node:tls';
import { toCauseDetail, type Cause } from '@gomon/domain';
import { refusedCertificateOf } from '@gomon/egress';

interface TlsCause {
  readonly cause: Cause;
  readonly causeDetail: string | null;
}

const HTTP1_REFUSED = 'ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL';
const BY_CODE: ReadonlyMap<string, Cause> = new Map([
  ['CERT_REVOKED', 'certificate_revoked'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'self_signed'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'unknown_authority'],
  ['CERT_UNTRUSTED', 'unknown_authority'],
  ['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', 'tls_version'],
  ['ERR_SSL_UNSUPPORTED_PROTOCOL', 'tls_version'],
  ['ERR_SSL_NO_PROTOCOLS_AVAILABLE', 'tls_version'],
  ['ERR_SSL_INAPPROPRIATE_FALLBACK', 'tls_version'],
  ['ERR_SSL_TLSV1_ALERT_INAPPROPRIATE_FALLBACK', 'tls_version'],
  ['ERR_SSL_WRONG_VERSION_NUMBER', 'not_tls'],
  ['ERR_SSL_HTTP_REQUEST', 'not_tls'],
  ['ERR_SSL_PACKET_LENGTH_TOO_LONG', 'not_tls'],
  ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'client_certificate_wanted'],
  // We offer HTTP/1.1 only.
  [HTTP1_REFUSED, 'http2_only'],
]);

/** The TLS cause of an error from a connection that the egress guard dialled. */
export function causeOfTls(error: unknown, outerCode: string): TlsCause {
  const code = outerCode === 'EPROTO' ? codeOfWrite(error) : outerCode;
  const certificate = refusedCertificateOf(error);
  const known = BY_CODE.get(code);
  if (known)
    return {
      cause: known,
      causeDetail: known === 'self_signed' ? null : issuerOf(known, certificate),
    };
  switch (code) {
    case 'CERT_HAS_EXPIRED':
      return { cause: 'certificate_expired', causeDetail: expiryOf(certificate) };
    case 'CERT_NOT_YET_VALID':
      return {
        cause: 'certificate_not_yet_valid',
        causeDetail: momentDetail('valid from', certificate?.valid_from),
      };
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return { cause: 'wrong_host', causeDetail: namesOf(certificate) };
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY': {
      const cause = lacksIssuer(certificate) ? 'incomplete_chain' : 'unknown_authority';
      return { cause, causeDetail: issuerOf(cause, certificate) };
    }
    default:
      return { cause: 'tls_handshake', causeDetail: toCauseDetail(code) };
  }
}

/**
 * When the handshake fails while a request waits to be written, OpenSSL's reason is in the message
 * only.
 */
function codeOfWrite(error: unknown): string {
  const { message } = error as { readonly message?: unknown };
  const reason = typeof message === 'string' && /:SSL routines:[^:]*:([\w /]+):/.exec(message)?.[1];
  return reason ? `ERR_SSL_${reason.toUpperCase().replaceAll(' ', '_')}` : 'EPROTO';
}

/**
 * Whether the last certificate that the server sent was issued by one that it should also have
 * sent. Certificates of public authorities name where to get it (only browsers fetch it from
 * there); those of private authorities rarely do.
 */
function lacksIssuer(leaf: DetailedPeerCertificate | null): boolean {
  const last = leaf && chainOf(leaf).at(-1);
  return Object.keys(last?.infoAccess ?? {}).some((name) => name.startsWith('CA Issuers'));
}

const LONGEST_CHAIN = 20;

/** The certificates from the target's upwards. A self-signed one is its own issuer. */
function chainOf(leaf: DetailedPeerCertificate): DetailedPeerCertificate[] {
  const chain = [leaf];
  for (
    let next = leaf.issuerCertificate;
    next?.raw && chain.length < LONGEST_CHAIN;
    next = next.issuerCertificate
  ) {
    if (chain.includes(next)) break;
    chain.push(next);
  }
  return chain;
}

/** The details of the certificate in the chain that expired first. */
function expiryOf(leaf: DetailedPeerCertificate | null): string | null {
  if (!leaf) return null;
  const first = chainOf(leaf).toSorted(
    (a, b) => Date.parse(a.valid_to) - Date.parse(b.valid_to),
  )[0];
  return momentDetail(
    first === leaf ? 'expired' : 'above it in the chain, expired',
    first?.valid_to,
  );
}

function momentDetail(words: string, date: string | undefined): string | null {
  const moment = new Date(date ?? NaN);
  return Number.isNaN(moment.getTime())
    ? null
    : `${words} ${moment.toISOString().replace('.000Z', 'Z')}`;
}

function namesOf(certificate: DetailedPeerCertificate | null): string | null {
  const { subjectaltname, subject } = certificate ?? {};
  const names = subjectaltname?.replaceAll(/(DNS|IP Address):/g, '') ?? [subject?.CN].flat()[0];
  return names ? toCauseDetail(`valid for ${names}`) : null;
}

function issuerOf(cause: Cause, certificate: DetailedPeerCertificate | null): string | null {
  if (cause !== 'unknown_authority' && cause !== 'incomplete_chain') return null;
  const last = certificate && chainOf(certificate).at(-1);
  const name = [last?.issuer?.CN ?? last?.issuer?.O].flat()[0];
  return name ? toCauseDetail(`issued by ${name}`) : null;
}
