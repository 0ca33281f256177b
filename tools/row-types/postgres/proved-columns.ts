import { isNode, nodeIn, nodesIn, numberIn, type TreeNode, type TreeValue } from './node-tree.ts';
import { argsOf, isOneRow, rangeEntry, RTE, type Scope } from './query-scope.ts';

/** Whether the expression is null whenever one of its arguments is, and only then. */
export type IsTotal = (expression: TreeNode) => boolean;

/** `varno.varattno` of the columns that no row of this query has null, by its WHERE and the conditions of its inner joins. */
export function provedColumns({ query }: Scope, isTotal: IsTotal): Set<string> {
  return new Set(fromQuery(query, 0, isTotal));
}

function fromQuery(query: TreeNode, level: number, isTotal: IsTotal): string[] {
  const conditions = (value: TreeValue | undefined) =>
    isNode(value) ? fromCondition(value, level, isTotal) : [];
  const fromItem = (item: TreeNode): string[] => {
    if (item.tag === 'FROMEXPR')
      return [...nodesIn(item, 'fromlist').flatMap(fromItem), ...conditions(item['quals'])];
    if (item.tag === 'JOINEXPR') {
      const [left, right] = [nodeIn(item, 'larg'), nodeIn(item, 'rarg')];
      const isInner = item['jointype'] === '0';
      const isLeft = item['jointype'] === '1';
      return [
        ...(left && (isInner || isLeft) ? fromItem(left) : []),
        ...(right && isInner ? fromItem(right) : []),
        ...(isInner ? conditions(item['quals']) : []),
      ];
    }
    if (item.tag !== 'RANGETBLREF') return [];
    const entry = rangeEntry({ query, outer: null }, numberIn(item, 'rtindex'));
    const lateral = nodeIn(entry, 'subquery');
    const mayDropRows =
      entry['rtekind'] === RTE.subquery &&
      lateral &&
      !isOneRow(lateral) &&
      !lateral['setOperations'];
    return mayDropRows ? fromQuery(lateral, level + 1, isTotal) : [];
  };
  const tree = nodeIn(query, 'jointree');
  return tree ? fromItem(tree) : [];
}

function fromCondition(condition: TreeNode, level: number, isTotal: IsTotal): string[] {
  const args = argsOf(condition);
  if (condition.tag === 'BOOLEXPR' && condition['boolop'] === 'and') {
    return args.flatMap((arg) => fromCondition(arg, level, isTotal));
  }
  if (condition.tag === 'NULLTEST' && condition['nulltesttype'] === '1')
    return args.flatMap((arg) => needed(arg, level, isTotal));
  if (condition.tag === 'SCALARARRAYOPEXPR')
    return args.slice(0, 1).flatMap((arg) => needed(arg, level, isTotal));
  if (condition.tag === 'SUBLINK' && condition['subLinkType'] === '2') {
    const test = nodeIn(condition, 'testexpr');
    return test ? needed(test, level, isTotal) : [];
  }
  return isTotal(condition) ? needed(condition, level, isTotal) : [];
}

/** The columns of the query `level` levels up without which the expression is null. */
function needed(expression: TreeNode, level: number, isTotal: IsTotal): string[] {
  if (expression.tag === 'VAR') {
    const isOurs = numberIn(expression, 'varlevelsup') === level;
    return isOurs ? [`${numberIn(expression, 'varno')}.${numberIn(expression, 'varattno')}`] : [];
  }
  return isTotal(expression)
    ? argsOf(expression).flatMap((arg) => needed(arg, level, isTotal))
    : [];
}
