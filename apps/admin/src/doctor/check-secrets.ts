import { createEncryption, isEncrypted } from '@gomon/encryption';
import {
  ENCRYPTED_PLACES,
  sampleEncryptedRows,
  type EncryptedPlace,
  type EncryptedRow,
  type Queryable,
} from '@gomon/persistence';
import type { DoctorConfig } from '../config.ts';
import { fault, list, ok, skipped, type Finding } from './finding.ts';

const ROWS_OF_EACH_PLACE = 100;

type Keys = Pick<DoctorConfig, 'SECRETS_KEY' | 'SECRETS_KEY_PREVIOUS'>;

/** A sample is enough: a wrong key opens nothing, and one that was replaced does not open the oldest. */
export async function checkSecrets(db: Queryable, keys: Keys): Promise<Finding> {
  if (!keys.SECRETS_KEY) return skipped('SECRETS_KEY is not set');
  const encryption = await createEncryption(keys.SECRETS_KEY, keys.SECRETS_KEY_PREVIOUS);
  const unopened = [];
  let opened = 0;
  for (const place of Object.keys(ENCRYPTED_PLACES) as EncryptedPlace[]) {
    for (const { id, encrypted } of await sampleEncryptedRows(db, place, ROWS_OF_EACH_PLACE)) {
      for (const text of textsOf(encrypted).filter(isEncrypted)) {
        if (await opens(encryption.decrypt(text, id))) opened += 1;
        else unopened.push(`${place} ${id}`);
      }
    }
  }
  if (unopened.length > 0)
    return fault(`SECRETS_KEY does not open ${list([...new Set(unopened)])}`);
  return ok(opened > 0 ? `SECRETS_KEY opens the ${opened} that were tried` : 'none is stored yet');
}

function textsOf(value: EncryptedRow['encrypted'] | undefined): string[] {
  if (typeof value === 'string') return [value];
  return value && typeof value === 'object' ? Object.values(value).flatMap(textsOf) : [];
}

const opens = (decrypted: Promise<string>) =>
  decrypted.then(
    () => true,
    () => false,
  );
