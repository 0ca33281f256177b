import type { Encryption } from '@gomon/encryption';

interface EncryptedHeaders {
  readonly monitorId: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** The header fields of a target as they are sent, with their names in lower case. */
export async function decryptHeaders(
  { headers, monitorId }: EncryptedHeaders,
  encryption: Encryption,
): Promise<Record<string, string>> {
  const encrypted = Object.entries(headers);
  if (encrypted.length === 0) return {};
  const decrypted = encrypted.map(
    async ([name, value]) =>
      [name.toLowerCase(), await encryption.decrypt(value, monitorId)] as const,
  );
  return Object.fromEntries(await Promise.all(decrypted));
}
