import { isEncrypted, type Encryption } from '@gomon/encryption';
import { rotateEncryptedRows, ENCRYPTED_PLACES, type Db, type EncryptedPlace } from '@gomon/persistence';

export interface ResealReport {
  /** Texts that are encrypted under the present key now and were not before. */
  readonly resealed: number;
  /** Texts that no key opens: they stay as they are. */
  readonly lost: readonly string[];
}

const FIRST_ID = '00000000-0000-0000-0000-000000000000';

/** Sees to it that the previous key is needed for nothing in the database. May be interrupted and repeated, beside running apps. */
export async function reseal(db: Db, encryption: Encryption): Promise<ResealReport> {
  const report = { resealed: 0, lost: [] as string[] };
  const renewText = async (text: string, owner: string, place: EncryptedPlace) => {
    try {
      const renewed = await encryption.rotate(text, owner);
      if (renewed !== text) report.resealed += 1;
      return renewed;
    } catch {
      report.lost.push(`${place} ${owner}`);
      return text;
    }
  };
  for (const place of Object.keys(ENCRYPTED_PLACES) as EncryptedPlace[]) {
    for (let after: string | null = FIRST_ID; after !== null;) {
      after = await rotateEncryptedRows(db, place, after, ({ id, encrypted }) =>
        mapTexts(encrypted, async (text) => (isEncrypted(text) ? renewText(text, id, place) : text)),
      );
    }
  }
  return report;
}

type Json = Parameters<Parameters<typeof rotateEncryptedRows>[3]>[0]['encrypted'];

async function mapTexts(value: Json, map: (text: string) => Promise<string>): Promise<Json> {
  if (typeof value === 'string') return map(value);
  if (Array.isArray(value)) return Promise.all(value.map((item) => mapTexts(item, map)));
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).map(async ([name, item]) => [
    name,
    item === undefined ? item : await mapTexts(item, map),
  ]);
  return Object.fromEntries(await Promise.all(entries)) as Json;
}
