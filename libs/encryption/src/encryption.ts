/** Encrypts short secrets for one owner, so an encrypted text cannot be moved to another owner. */
export interface Encryption {
  encrypt(plain: string, owner: string): Promise<string>;
  /** Throws when no known key decrypts the text, or when it belongs to another owner. */
  decrypt(encrypted: string, owner: string): Promise<string>;
  /**
   * The text itself when it uses the current key, otherwise re-encrypted with it. Throws like
   * `decrypt`.
   */
  rotate(encrypted: string, owner: string): Promise<string>;
}

const VERSION = 's1';
const ENCRYPTED = /^s1\.[\w-]+$/;
const IV_BYTES = 12;

/**
 * AES-256-GCM with a key that HKDF-SHA-256 derives from `secretsKey` (text of at least 32 random
 * bytes), a fresh random 96-bit IV per text (NIST SP 800-38D, 8.2.2), and the owner as additional
 * data. Also decrypts texts of `previousKey`, unless that is empty: authentication shows which key
 * fits.
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

/** Whether a text looks like the output of encryption. */
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
  const plain = await crypto.subtle.decrypt(
    parameters(iv, owner),
    key,
    encrypted.subarray(IV_BYTES),
  );
  return new TextDecoder().decode(plain);
}

function parameters(iv: Uint8Array<ArrayBuffer>, owner: string) {
  return { name: 'AES-GCM', iv, additionalData: utf8(owner) };
}

async function deriveKey(secretsKey: string) {
  const material = await crypto.subtle.importKey('raw', utf8(secretsKey), 'HKDF', false, [
    'deriveKey',
  ]);
  const hkdf = { name: 'HKDF', hash: 'SHA-256', salt: utf8('gomon'), info: utf8('seal') };
  return crypto.subtle.deriveKey(hkdf, material, { name: 'AES-GCM', length: 256 }, false, [
    'encrypt',
    'decrypt',
  ]);
}

function utf8(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}
