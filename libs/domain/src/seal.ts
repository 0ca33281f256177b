/** Seals short secrets for one owner, so that a sealed text cannot be moved to another owner. */
export interface Seal {
  seal(plain: string, owner: string): Promise<string>;
  /** Throws when the text was sealed under no key of this seal, or not for this owner. */
  unseal(sealed: string, owner: string): Promise<string>;
  /** The text as it is when it was sealed under the present key, else sealed anew under that. Throws like `unseal`. */
  reseal(sealed: string, owner: string): Promise<string>;
}

const VERSION = 's1';
const SEALED = /^s1\.[\w-]+$/;
const IV_BYTES = 12;

/**
 * AES-256-GCM under a key that HKDF-SHA-256 derives from `secretsKey` (at least 32 bytes of randomness, as text); a
 * fresh random 96-bit IV for each text (NIST SP 800-38D, 8.2.2), the owner as additional data. Opens what was sealed under
 * `previousKey` as well, unless that is empty: which of the keys it was, the text proves by itself.
 */
export async function createSeal(secretsKey: string, previousKey = ''): Promise<Seal> {
  const present = await deriveKey(secretsKey);
  const keys = previousKey === '' ? [present] : [present, await deriveKey(previousKey)];
  const seal = async (plain: string, owner: string) => {
    const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
    const sealed = await crypto.subtle.encrypt(parameters(iv, owner), present, utf8(plain));
    return `${VERSION}.${Buffer.concat([iv, new Uint8Array(sealed)]).toString('base64url')}`;
  };
  const unseal = async (sealed: string, owner: string) => {
    const bytes = readSealed(sealed);
    return Promise.any(keys.map((key) => open(bytes, owner, key)));
  };
  const reseal = async (sealed: string, owner: string) =>
    open(readSealed(sealed), owner, present).then(
      () => sealed,
      async () => seal(await unseal(sealed, owner), owner),
    );
  return { seal, unseal, reseal };
}

/** Whether a text looks like one that a seal made. */
export function isSealed(text: string): boolean {
  return SEALED.test(text);
}

type Key = Awaited<ReturnType<typeof deriveKey>>;

function readSealed(text: string): Uint8Array<ArrayBuffer> {
  const [version, bytes = ''] = text.split('.');
  if (version !== VERSION) throw new Error('not a sealed text');
  return new Uint8Array(Buffer.from(bytes, 'base64url'));
}

async function open(sealed: Uint8Array<ArrayBuffer>, owner: string, key: Key): Promise<string> {
  const iv = sealed.subarray(0, IV_BYTES);
  const plain = await crypto.subtle.decrypt(parameters(iv, owner), key, sealed.subarray(IV_BYTES));
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
