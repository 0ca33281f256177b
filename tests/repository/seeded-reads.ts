// Reads for row-types.test.ts: each is wrong in the way that its name says, but for those that are right.
import {
  arrayLiteral,
  readRow,
  readRows,
  type Queryable,
  Prisma,
  latestCheck,
  MONITOR_STATUS,
  latestKnown,
} from '@gomon/persistence/testing';

export const wrongType = (db: Queryable) => db.$queryRaw<{ id: number }[]>`SELECT id FROM monitors`;
export const missingColumn = (db: Queryable) =>
  db.$queryRaw<{ id: string; name: string }[]>`SELECT id FROM monitors`;
export const undeclaredColumn = (db: Queryable) =>
  db.$queryRaw<{ id: string }[]>`SELECT id, name FROM monitors`;
export const unknownColumn = (db: Queryable) =>
  db.$queryRaw<{ id: string }[]>`SELECT identity AS id FROM monitors`;
export const wrongWrite = (db: Queryable) => db.$executeRaw`UPDATE monitors SET nme = ''`;
export const nullOfColumn = (db: Queryable) =>
  readRows<{ at: Date }>(db, Prisma.sql`SELECT immediate_slot AS at FROM monitors`);
export const nullOfOuterJoin = (db: Queryable) =>
  readRows<{ lastSlot: Date }>(
    db,
    Prisma.sql`SELECT latest."lastSlot" FROM monitors m ${latestCheck()}`,
  );
export const nullOfNoRows = (db: Queryable) =>
  readRow<{ most: number }>(db, Prisma.sql`SELECT max(threshold) AS most FROM monitors`);
export const needlessNull = (db: Queryable) =>
  db.$queryRaw<{ id: string | null }[]>`SELECT id FROM monitors`;
export const otherLabel = (db: Queryable) =>
  db.$queryRaw<{ outcome: 'success' | 'failure' }[]>`SELECT outcome FROM checks`;
export const otherText = (db: Queryable) => db.$queryRaw<{ status: 'up' | 'down' | 'paused' }[]>`
  SELECT ${MONITOR_STATUS} AS status FROM monitors m ${latestCheck()} ${latestKnown()}`;
export const wideNumber = (db: Queryable) =>
  readRows<{ count: number }>(db, Prisma.sql`SELECT count(*) AS count FROM monitors`);
export const wrongInOneForm = (db: Queryable, isShort: boolean) => db.$queryRaw<{ name: string }[]>`
  SELECT ${isShort ? Prisma.sql`m.name` : Prisma.sql`nullif(m.name, '') AS name`} FROM monitors m`;
const wrongByCaller = (db: Queryable, column: Prisma.Sql) =>
  readRows<{ value: string }>(db, Prisma.sql`SELECT ${column} AS value FROM monitors`);
export const callers = (db: Queryable) => [
  wrongByCaller(db, Prisma.sql`name`),
  wrongByCaller(db, Prisma.sql`threshold`),
];
export const unclear = (db: Queryable, made: { all: Prisma.Sql }) =>
  db.$queryRaw<{ id: string }[]>`SELECT id FROM monitors ${made.all}`;
export function needlessTrust(db: Queryable) {
  // On trust, "id": nothing is wrong with it.
  return db.$queryRaw<{ id: string }[]>`SELECT id FROM monitors`;
}
export const inferred = (db: Queryable): Promise<{ id: Date }[]> =>
  db.$queryRaw`SELECT id FROM monitors`;

export const right = (db: Queryable, ids: readonly string[]) => db.$queryRaw<
  { id: string; name: string; at: Date | null; n: number }[]
>`
  SELECT w.id, m.name, m.immediate_slot AS at, w.n::int4 FROM unnest(${arrayLiteral(ids)}::uuid[]) WITH ORDINALITY AS w(id, n) JOIN monitors m USING (id)`;
export const rightByCondition = (db: Queryable) =>
  readRows<{ at: Date }>(
    db,
    Prisma.sql`SELECT immediate_slot AS at FROM monitors WHERE immediate_slot IS NOT NULL`,
  );
export function rightOnTrust(db: Queryable) {
  // On trust, "seconds": there is a shard.
  return readRow<{ seconds: number }>(db, Prisma.sql`SELECT max(id) AS seconds FROM shards`);
}
