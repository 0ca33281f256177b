/** Seals short secrets for one owner, so that a sealed text cannot be moved to another owner. */
export interface Seal {
  seal(plain: string, owner: string): Promise<string>;
  /** Throws when the text was not sealed under this key for this owner. */
  unseal(sealed: string, owner: string): Promise<string>;
}

const VERSION = 's1';
const IV_BYTES = 12;

/**
 * AES-256-GCM under a key that HKDF-SHA-256 derives from `secretsKey` (at least 32 bytes of randomness, as text); a
 * fresh random 96-bit IV for each text (NIST SP 800-38D, 8.2.2), the owner as additional data.
 */
export async function createSeal(secretsKey: string): Promise<Seal> {
  const key = await deriveKey(secretsKey);
  const parameters = (iv: Uint8Array<ArrayBuffer>, owner: string) => ({ name: 'AES-GCM', iv, additionalData: utf8(owner) });
  return {
    async seal(plain, owner) {
      const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
      const sealed = await crypto.subtle.encrypt(parameters(iv, owner), key, utf8(plain));
      return `${VERSION}.${Buffer.concat([iv, new Uint8Array(sealed)]).toString('base64url')}`;
    },
    async unseal(sealed, owner) {
      const [version, text = ''] = sealed.split('.');
      if (version !== VERSION) throw new Error('not a sealed text');
      const bytes = new Uint8Array(Buffer.from(text, 'base64url'));
      const plain = await crypto.subtle.decrypt(parameters(bytes.subarray(0, IV_BYTES), owner), key, bytes.subarray(IV_BYTES));
      return new TextDecoder().decode(plain);
    },
  };
}

async function deriveKey(secretsKey: string) {
  const material = await crypto.subtle.importKey('raw', utf8(secretsKey), 'HKDF', false, ['deriveKey']);
  const hkdf = { name: 'HKDF', hash: 'SHA-256', salt: utf8('gomon'), info: utf8('seal') };
  return crypto.subtle.deriveKey(hkdf, material, { name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
}

function utf8(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}
