import type { Encryption } from '@gomon/encryption';
import { escapePointer, type Fault } from '../../problem.ts';

/** A token: RFC 9110, 5.6.2. */
const TOKEN = /^[!#$%&'*+.^_`|~0-9a-z-]+$/i;
/** Visible ASCII and Latin-1, with blanks only inside: RFC 9110, 5.5. */
const VALUE = /^[\x21-\x7e\xa0-\xff](?:[\t\x20-\x7e\xa0-\xff]*[\x21-\x7e\xa0-\xff])?$/;
/** Fields of the connection or the message, which the prober sets. */
const RESERVED = new Set([
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Whether a monitor may send a header field of this name. */
export function isHeaderName(text: string): boolean {
  return TOKEN.test(text) && !RESERVED.has(text.toLowerCase());
}

export function isHeaderValue(text: string): boolean {
  return text === '' || VALUE.test(text);
}

/** Plain values; null keeps the stored value of that name. */
export type GivenHeaders = Readonly<Record<string, string | null>>;
/** Values encrypted for their monitor. */
export type EncryptedHeaders = Readonly<Record<string, string>>;

/**
 * Faults of header fields that replace `stored` ones: names that differ only in case, and missing
 * values to keep.
 */
export function headerFaults(
  given: GivenHeaders,
  stored: EncryptedHeaders,
  field = 'headers',
): Fault[] {
  const seen = new Set<string>();
  return Object.entries(given).flatMap(([name, value]) => {
    const pointer = `/${field}/${escapePointer(name)}`;
    if (seen.has(name.toLowerCase()))
      return [{ pointer, message: 'must not repeat a name in another case' }];
    seen.add(name.toLowerCase());
    return value === null && valueOf(stored, name) === undefined
      ? [{ pointer, message: 'has no stored value to keep' }]
      : [];
  });
}

/**
 * Encrypts new values, keeps those that are null or equal, drops the rest of `stored`.
 * `headerFaults` must have found nothing.
 */
export async function encryptHeaders(
  encryption: Encryption,
  monitorId: string,
  given: GivenHeaders,
  stored: EncryptedHeaders,
): Promise<EncryptedHeaders> {
  const encrypted = Object.entries(given).map(async ([name, value]) => {
    const present = valueOf(stored, name);
    const isKept =
      value === null ||
      (present !== undefined && (await opens(encryption, monitorId, present, value)));
    return [name, isKept ? present : await encryption.encrypt(value, monitorId)];
  });
  return Object.fromEntries(await Promise.all(encrypted)) as EncryptedHeaders;
}

/**
 * An equal value changes nothing, so the monitor still probes the same. False when its key is
 * missing.
 */
async function opens(
  encryption: Encryption,
  monitorId: string,
  encrypted: string,
  value: string,
): Promise<boolean> {
  return encryption.decrypt(encrypted, monitorId).then(
    (plain) => plain === value,
    () => false,
  );
}

function valueOf(headers: EncryptedHeaders, name: string): string | undefined {
  return Object.entries(headers).find(
    ([stored]) => stored.toLowerCase() === name.toLowerCase(),
  )?.[1];
}
