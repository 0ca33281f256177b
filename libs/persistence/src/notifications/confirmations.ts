import { createHash, randomInt, randomUUID } from 'node:crypto';
import { DomainError, type ConfirmationContent } from '@gomon/domain';
import type { Queryable } from '../db/db.ts';

/** Emails a day to one address, from all users, and for one user, to all addresses. */
const MAILS_PER_ADDRESS = 3;
const MAILS_PER_USER = 20;
/** After this long there is room again; the exact time would reveal what others asked for. */
const DAY_SECONDS = 86_400;
/** Without look-alike characters. Ten of them are nearly 50 bits, valid for a day. */
const CODE_LETTERS = 'ABCDEFGHJKMNPQRSTUVWXYZ23456789';
const CODE_LENGTH = 10;

interface ConfirmationRequest {
  readonly ownerId: string;
  readonly channelId: string;
  readonly addresses: readonly string[];
}

/** The addresses that the user has not confirmed yet. */
export async function unconfirmedOf(
  db: Queryable,
  ownerId: string,
  addresses: readonly string[],
): Promise<string[]> {
  if (addresses.length === 0) return [];
  const where = { ownerId, address: { in: [...addresses] }, confirmedAt: { not: null } };
  const confirmed = new Set(
    (await db.emailAddress.findMany({ where, select: { address: true } })).map(
      (row) => row.address,
    ),
  );
  return addresses.filter((address) => !confirmed.has(address));
}

/**
 * Sends a new code to each unconfirmed address and invalidates earlier codes. Throws
 * `confirmation_limit_reached` when an address or the user has had enough emails today. Call it in
 * a transaction.
 */
export async function askToConfirm(
  tx: Queryable,
  { ownerId, channelId, addresses }: ConfirmationRequest,
): Promise<void> {
  const unconfirmed = await unconfirmedOf(tx, ownerId, addresses);
  for (const address of unconfirmed.toSorted((one, other) =>
    one.toLowerCase().localeCompare(other.toLowerCase()),
  )) {
    await countMail(tx, ownerId, hash(address.toLowerCase()));
    const code = Array.from(
      { length: CODE_LENGTH },
      () => CODE_LETTERS[randomInt(CODE_LETTERS.length)],
    ).join('');
    await tx.$executeRaw`
      INSERT INTO email_addresses (user_id, address, code_hash, code_expires_at)
      VALUES (${ownerId}::uuid, ${address}, ${hash(code)}, now() + interval '1 day')
      ON CONFLICT (user_id, address) DO UPDATE SET code_hash = excluded.code_hash, code_expires_at = excluded.code_expires_at`;
    const content: ConfirmationContent = { confirmation: { channelId, address, code } };
    await tx.$executeRaw`
      INSERT INTO notifications (id, channel_id, recipient, transition, content)
      VALUES (${randomUUID()}::uuid, ${channelId}::uuid, ${address}, 'confirmation', ${JSON.stringify(content)}::jsonb)`;
  }
}

/**
 * Transactions that count the same address or user wait for each other: the user first, then
 * addresses in order.
 */
async function countMail(tx: Queryable, ownerId: string, addressHash: Buffer): Promise<void> {
  await tx.$queryRaw`
    SELECT pg_advisory_xact_lock(hashtextextended(${ownerId}, 0))::text,
           pg_advisory_xact_lock(hashtextextended(${addressHash.toString('hex')}, 0))::text`;
  const counted = await tx.$executeRaw`
    INSERT INTO confirmation_mails (id, user_id, address_hash)
    SELECT ${randomUUID()}::uuid, ${ownerId}::uuid, ${addressHash}
    WHERE (SELECT count(*) FROM confirmation_mails WHERE address_hash = ${addressHash} AND sent_at > now() - interval '1 day') < ${MAILS_PER_ADDRESS}
      AND (SELECT count(*) FROM confirmation_mails WHERE user_id = ${ownerId}::uuid AND sent_at > now() - interval '1 day') < ${MAILS_PER_USER}`;
  if (counted === 0)
    throw new DomainError(
      'confirmation_limit_reached',
      'Too many confirmation emails were requested today. Try again tomorrow.',
      DAY_SECONDS,
    );
}

/** Confirms the channel's address that got this code. Throws `wrong_code`. */
export async function confirmAddress(
  tx: Queryable,
  ownerId: string,
  channelId: string,
  code: string,
): Promise<void> {
  const confirmed = await tx.$executeRaw`
    UPDATE email_addresses e SET confirmed_at = now(), code_hash = NULL, code_expires_at = NULL
    FROM channels c
    WHERE c.id = ${channelId}::uuid AND c.user_id = ${ownerId}::uuid AND e.user_id = c.user_id
      AND e.address IN (SELECT jsonb_array_elements_text(c.settings->'to'))
      AND e.code_hash = ${hash(code.toUpperCase())} AND e.code_expires_at > now()`;
  if (confirmed === 0)
    throw new DomainError(
      'wrong_code',
      'The code is wrong or has expired. Codes are valid for a day.',
    );
}

const hash = (text: string) => createHash('sha256').update(text).digest();
