import { isNode, nodeIn, nodesIn, numberIn, textIn, type TreeNode } from './node-tree.ts';

/** A query within the queries around it. */
export interface Scope {
  readonly query: TreeNode;
  readonly outer: Scope | null;
}

const INSERT_UPDATE_DELETE = ['2', '3', '4'];
export const RTE = {
  relation: '0',
  subquery: '1',
  join: '2',
  function: '3',
  values: '5',
  cte: '6',
  group: '9',
} as const;

/** The columns of the query's answer. */
export function columnsOf(query: TreeNode): TreeNode[] {
  const list = INSERT_UPDATE_DELETE.includes(textIn(query, 'commandType'))
    ? 'returningList'
    : 'targetList';
  return nodesIn(query, list).filter((entry) => entry['resjunk'] !== 'true');
}

export function scopeAt(scope: Scope, levelsUp: number): Scope {
  let found = scope;
  for (let level = 0; level < levelsUp; level++) {
    if (!found.outer) throw new Error('a column belongs to no query');
    found = found.outer;
  }
  return found;
}

export function rangeEntry({ query }: Scope, index: number): TreeNode {
  const entry = nodesIn(query, 'rtable')[index - 1];
  if (!entry) throw new Error('a column belongs to no table');
  return entry;
}

/** The query behind an entry of a FROM: a subquery, or that of WITH. Null where it is neither. */
export function scopeOfEntry(scope: Scope, entry: TreeNode): Scope | null {
  const subquery = nodeIn(entry, 'subquery');
  if (entry['rtekind'] === RTE.subquery && subquery) return { query: subquery, outer: scope };
  if (entry['rtekind'] !== RTE.cte) return null;
  const owner = scopeAt(scope, numberIn(entry, 'ctelevelsup'));
  const cte = nodesIn(owner.query, 'cteList').find((item) => item['ctename'] === entry['ctename']);
  const query = cte && nodeIn(cte, 'ctequery');
  return query ? { query, outer: owner } : null;
}

/** The queries that UNION and its like put together; none for any other query. */
export function partsOf(scope: Scope): Scope[] {
  const leaves = (node: TreeNode | null): TreeNode[] => {
    if (!node) return [];
    return node.tag === 'RANGETBLREF'
      ? [node]
      : [...leaves(nodeIn(node, 'larg')), ...leaves(nodeIn(node, 'rarg'))];
  };
  return leaves(nodeIn(scope.query, 'setOperations'))
    .map((leaf) => scopeOfEntry(scope, rangeEntry(scope, numberIn(leaf, 'rtindex'))))
    .filter((part) => part !== null);
}

/** Whether it always answers with one row. */
export function isOneRow(query: TreeNode): boolean {
  const limits = ['groupClause', 'groupingSets', 'havingQual', 'limitOffset', 'limitCount'];
  return query['hasAggs'] === 'true' && limits.every((field) => query[field] === null);
}

/** What an expression is made of. */
export function argsOf(node: TreeNode): TreeNode[] {
  const arg = node['arg'];
  return isNode(arg) ? [arg] : nodesIn(node, 'args');
}
