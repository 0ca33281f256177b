import type { Encryption } from '@gomon/encryption';
import { escapePointer, type Fault } from '../../problem.ts';

/** A token: RFC 9110, 5.6.2. */
const TOKEN = /^[!#$%&'*+.^_`|~0-9a-z-]+$/i;
/** Visible ASCII and Latin-1, with blanks only inside: RFC 9110, 5.5. */
const VALUE = /^[\x21-\x7e\xa0-\xff](?:[\t\x20-\x7e\xa0-\xff]*[\x21-\x7e\xa0-\xff])?$/;
/** What belongs to the connection or the message, which are the prober's. */
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

/** Values in the clear; null stands for the stored value of that name. */
export type GivenHeaders = Readonly<Record<string, string | null>>;
/** Values encrypted for their monitor. */
export type EncryptedHeaders = Readonly<Record<string, string>>;

/** What is wrong with header fields that replace `stored` ones: names that differ only in case, values to keep that are not there. */
export function headerFaults(given: GivenHeaders, stored: EncryptedHeaders): Fault[] {
  const seen = new Set<string>();
  return Object.entries(given).flatMap(([name, value]) => {
    const pointer = `/headers/${escapePointer(name)}`;
    if (seen.has(name.toLowerCase())) return [{ pointer, message: 'must not repeat a name in another case' }];
    seen.add(name.toLowerCase());
    return value === null && valueOf(stored, name) === undefined ? [{ pointer, message: 'has no stored value to keep' }] : [];
  });
}

/** Encrypts what is new, keeps what is null or the same, drops the rest of `stored`. `headerFaults` must have found nothing. */
export async function encryptHeaders(
  encryption: Encryption,
  monitorId: string,
  given: GivenHeaders,
  stored: EncryptedHeaders,
): Promise<EncryptedHeaders> {
  const encrypted = Object.entries(given).map(async ([name, value]) => {
    const present = valueOf(stored, name);
    const isKept = value === null || (present !== undefined && (await opens(encryption, monitorId, present, value)));
    return [name, isKept ? present : await encryption.encrypt(value, monitorId)];
  });
  return Object.fromEntries(await Promise.all(encrypted)) as EncryptedHeaders;
}

/** A value that is given again changes nothing: the monitor still probes the same. False as well when its key is gone. */
async function opens(encryption: Encryption, monitorId: string, encrypted: string, value: string): Promise<boolean> {
  return encryption.decrypt(encrypted, monitorId).then(
    (plain) => plain === value,
    () => false,
  );
}

function valueOf(headers: EncryptedHeaders, name: string): string | undefined {
  return Object.entries(headers).find(([stored]) => stored.toLowerCase() === name.toLowerCase())?.[1];
}
