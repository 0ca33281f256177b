/** Encrypts short secrets for one owner, so that an encrypted text cannot be moved to another owner. */
export interface Encryption {
  encrypt(plain: string, owner: string): Promise<string>;
  /** Throws when the text was encrypted under no key that this one has, or not for this owner. */
  decrypt(encrypted: string, owner: string): Promise<string>;
  /** The text as it is when it was encrypted under the present key, else encrypted again under that. Throws like `decrypt`. */
  rotate(encrypted: string, owner: string): Promise<string>;
}

const VERSION = 's1';
const ENCRYPTED = /^s1\.[\w-]+$/;
const IV_BYTES = 12;

/**
 * AES-256-GCM under a key that HKDF-SHA-256 derives from `secretsKey` (at least 32 bytes of randomness, as text); a
 * fresh random 96-bit IV for each text (NIST SP 800-38D, 8.2.2), the owner as additional data. Opens what was encrypted under
 * `previousKey` as well, unless that is empty: which of the keys it was, the text proves by itself.
 */
export async function createEncryption(secretsKey: string, previousKey = ''): Promise<Encryption> {
  const present = await deriveKey(secretsKey);
  const keys = previousKey === '' ? [present] : [present, await deriveKey(previousKey)];
  const encrypt = async (plain: string, owner: string) => {
    const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
    const encrypted = await crypto.subtle.encrypt(parameters(iv, owner), present, utf8(plain));
    return `${VERSION}.${Buffer.concat([iv, new Uint8Array(encrypted)]).toString('base64url')}`;
  };
  const decrypt = async (encrypted: string, owner: string) => {
    const bytes = readEncrypted(encrypted);
    return Promise.any(keys.map((key) => open(bytes, owner, key)));
  };
  const rotate = async (encrypted: string, owner: string) =>
    open(readEncrypted(encrypted), owner, present).then(
      () => encrypted,
      async () => encrypt(await decrypt(encrypted, owner), owner),
    );
  return { encrypt, decrypt, rotate };
}

/** Whether a text looks like one that encryption made. */
export function isEncrypted(text: string): boolean {
  return ENCRYPTED.test(text);
}

type Key = Awaited<ReturnType<typeof deriveKey>>;

function readEncrypted(text: string): Uint8Array<ArrayBuffer> {
  const [version, bytes = ''] = text.split('.');
  if (version !== VERSION) throw new Error('not an encrypted text');
  return new Uint8Array(Buffer.from(bytes, 'base64url'));
}

async function open(encrypted: Uint8Array<ArrayBuffer>, owner: string, key: Key): Promise<string> {
  const iv = encrypted.subarray(0, IV_BYTES);
  const plain = await crypto.subtle.decrypt(parameters(iv, owner), key, encrypted.subarray(IV_BYTES));
  return new TextDecoder().decode(plain);
}

function parameters(iv: Uint8Array<ArrayBuffer>, owner: string) {
  return { name: 'AES-GCM', iv, additionalData: utf8(owner) };
}

async function deriveKey(secretsKey: string) {
  const material = await crypto.subtle.importKey('raw', utf8(secretsKey), 'HKDF', false, ['deriveKey']);
  const hkdf = { name: 'HKDF', hash: 'SHA-256', salt: utf8('gomon'), info: utf8('seal') };
  return crypto.subtle.deriveKey(hkdf, material, { name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
}

function utf8(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}
