import { createEncryption, isEncrypted, type Encryption } from '@gomon/encryption';
import {
  rotateEncryptedRows,
  ENCRYPTED_PLACES,
  type Db,
  type EncryptedPlace,
} from '@gomon/persistence';
import { createCommand } from '../command.ts';
import { RotateSecretsConfigSchema } from '../config.ts';
import { withDatabase } from '../with-database.ts';

/** Afterwards nothing in the database needs the previous key. May be interrupted and repeated, beside running apps. */
export const rotateSecretsCommand = createCommand(
  RotateSecretsConfigSchema,
  async (config, surroundings) => {
    const encryption = await createEncryption(config.SECRETS_KEY, config.SECRETS_KEY_PREVIOUS);
    const { rotated, lost } = await withDatabase(
      config.DATABASE_URL,
      'rotate-secrets',
      surroundings,
      (db) => rotateSecrets(db, encryption),
    );
    surroundings.say(`Encrypted ${rotated} secrets again, under SECRETS_KEY`);
    for (const place of lost) surroundings.complain(`Neither key opens a secret of ${place}`);
    return lost.length === 0;
  },
);

interface RotationReport {
  /** Texts that are encrypted under the present key now and were not before. */
  readonly rotated: number;
  /** Texts that no key opens: they stay as they are. */
  readonly lost: readonly string[];
}

const FIRST_ID = '00000000-0000-0000-0000-000000000000';

async function rotateSecrets(db: Db, encryption: Encryption): Promise<RotationReport> {
  const report = { rotated: 0, lost: [] as string[] };
  const rotateText = async (text: string, owner: string, place: EncryptedPlace) => {
    try {
      const rotated = await encryption.rotate(text, owner);
      if (rotated !== text) report.rotated += 1;
      return rotated;
    } catch {
      report.lost.push(`${place} ${owner}`);
      return text;
    }
  };
  for (const place of Object.keys(ENCRYPTED_PLACES) as EncryptedPlace[]) {
    for (let after: string | null = FIRST_ID; after !== null;) {
      after = await rotateEncryptedRows(db, place, after, ({ id, encrypted }) =>
        mapTexts(encrypted, async (text) =>
          isEncrypted(text) ? rotateText(text, id, place) : text,
        ),
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
