import type pg from 'pg';
import type { Catalogue, Parameter, PgType } from './catalogue.ts';
import { Nullability } from './may-be-null.ts';
import { isNode, parseNodeTree, textIn, type TreeNode, type TreeValue } from './node-tree.ts';
import { columnsOf, type Scope } from './query-scope.ts';
import { textValuesOf } from './text-values.ts';

export interface Statement {
  /** With `$1` and so on in the place of its values. */
  readonly text: string;
  readonly parameters: readonly Parameter[];
}

export interface Column {
  readonly name: string;
  readonly type: PgType;
  readonly mayBeNull: boolean;
  /** Where it is always one of a few constants. */
  readonly values: readonly string[] | null;
}

/**
 * The columns of the statement's answer. Nothing is executed: PostgreSQL parses it twice, as a prepared statement for the types and as the
 * body of a function, which it keeps in its parsed form. Throws what PostgreSQL finds wrong with it.
 */
export async function describeStatement(
  client: pg.Client,
  catalogue: Catalogue,
  statement: Statement,
): Promise<Column[]> {
  await client.query('BEGIN');
  try {
    await client.query(`PREPARE described AS ${statement.text}`);
    const { rows } = await client.query<{ parameters: string[]; results: number[] | null }>(
      `SELECT parameter_types::text[] AS parameters, result_types::oid[]::int8[]::float8[] AS results
       FROM pg_prepared_statements WHERE name = 'described'`,
    );
    const [{ parameters, results } = { parameters: [], results: null }] = rows;
    if (!results?.length) return [];
    await client.query(
      `CREATE FUNCTION pg_temp.described(${parameters.join(', ')}) RETURNS SETOF record LANGUAGE sql
       BEGIN ATOMIC ${statement.text}\n; END`,
    );
    const body = await client.query<{ tree: string }>(
      `SELECT prosqlbody::text AS tree FROM pg_proc WHERE oid = (SELECT max(oid) FROM pg_proc WHERE proname = 'described')`,
    );
    return toColumns(parseNodeTree(body.rows[0]?.tree ?? '<>'), results, catalogue, statement);
  } finally {
    await client.query('ROLLBACK');
    await client.query('DEALLOCATE ALL');
  }
}

function toColumns(
  tree: TreeValue,
  results: readonly number[],
  catalogue: Catalogue,
  statement: Statement,
): Column[] {
  const query = firstQuery(tree);
  if (!query) throw new Error('PostgreSQL keeps the statement in a form that is not known here');
  const scope: Scope = { query, outer: null };
  const nullability = new Nullability(catalogue, statement.parameters);
  return columnsOf(query).map((entry, i) => {
    const type = catalogue.types.get(results[i] ?? 0);
    if (!type) throw new Error(`no type is known of column ${textIn(entry, 'resname')}`);
    const values = type.name === 'text' ? textValuesOf(scope, i) : null;
    return {
      name: textIn(entry, 'resname'),
      type,
      mayBeNull: nullability.ofColumn(scope, i),
      values,
    };
  });
}

/** The statements of a function's body are in lists of lists. */
function firstQuery(tree: TreeValue | undefined): TreeNode | null {
  if (isNode(tree)) return tree;
  return Array.isArray(tree) ? firstQuery((tree as TreeValue[])[0]) : null;
}
