import type pg from 'pg';

export interface PgType {
  readonly oid: number;
  readonly name: string;
  /** Of an enum. */
  readonly labels: readonly string[];
  /** Of an array. */
  readonly element: PgType | null;
}

/** What of PostgreSQL's catalogue tells about the columns of a statement. */
export interface Catalogue {
  readonly types: ReadonlyMap<number, PgType>;
  readonly functionNames: ReadonlyMap<number, string>;
  readonly operatorNames: ReadonlyMap<number, string>;
  /** `relid.attnum` of the columns that are NOT NULL. */
  readonly notNull: ReadonlySet<string>;
}

export async function readCatalogue(client: pg.Client): Promise<Catalogue> {
  const rowsOf = async <Row extends pg.QueryResultRow>(sql: string) =>
    (await client.query<Row>(sql)).rows;
  const functions = await rowsOf<{ oid: number; proname: string }>(
    'SELECT oid, proname FROM pg_proc',
  );
  const operators = await rowsOf<{ oid: number; oprname: string }>(
    'SELECT oid, oprname FROM pg_operator',
  );
  const columns = await rowsOf<{ key: string }>(
    `SELECT attrelid || '.' || attnum AS key FROM pg_attribute WHERE attnotnull`,
  );
  return {
    types: await readTypes(client),
    functionNames: new Map(functions.map(({ oid, proname }) => [oid, proname])),
    operatorNames: new Map(operators.map(({ oid, oprname }) => [oid, oprname])),
    notNull: new Set(columns.map(({ key }) => key)),
  };
}

async function readTypes(client: pg.Client): Promise<Map<number, PgType>> {
  const { rows } = await client.query<{
    oid: number;
    typname: string;
    element: number;
    labels: string[];
  }>(
    `SELECT t.oid, t.typname, CASE WHEN t.typcategory = 'A' THEN t.typelem ELSE 0 END AS element,
            ARRAY(SELECT enumlabel::text FROM pg_enum e WHERE e.enumtypid = t.oid) AS labels
     FROM pg_type t`,
  );
  const byOid = new Map(rows.map((row) => [row.oid, row]));
  const toType = ({ oid, typname, labels, element }: (typeof rows)[number]): PgType => {
    const item = byOid.get(element);
    return { oid, name: typname, labels, element: item ? toType(item) : null };
  };
  return new Map(rows.map((row) => [row.oid, toType(row)]));
}

/** What a value of a statement may be: `list` is an array without nulls. */
export type Parameter = 'nullable' | 'present' | 'list';
