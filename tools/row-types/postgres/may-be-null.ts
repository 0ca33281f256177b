import type { Catalogue, Parameter } from './catalogue.ts';
import { hasMembers, nodeIn, nodesIn, numberIn, textIn, type TreeNode } from './node-tree.ts';
import { provedColumns } from './proved-columns.ts';
import {
  argsOf,
  columnsOf,
  isOneRow,
  partsOf,
  rangeEntry,
  RTE,
  scopeAt,
  scopeOfEntry,
  type Scope,
} from './query-scope.ts';

/** Null only when an argument is. Functions and operators that are not listed here and below count as ones that may be null. */
const TOTAL_OPERATORS = new Set(
  '+ - * / % = <> < > <= >= || ~ ~* !~ ~~ ~~* !~~ & | << >> @> <@ &&'.split(' '),
);
const TOTAL_FUNCTIONS = new Set(
  `extract floor ceil round abs power now clock_timestamp date_trunc date_bin to_timestamp timezone make_interval lower upper length
   octet_length uuid_hash pg_try_advisory_lock`.split(/\s+/),
);
const NEVER_NULL_FUNCTIONS = new Set([
  'json_build_object',
  'jsonb_build_object',
  'json_build_array',
  'jsonb_build_array',
  'drop_partition',
]);
const CASTS = ['1', '2'];
const UPDATE = '2';
const NEVER_NULL_NODES = new Set([
  'NULLTEST',
  'BOOLEANTEST',
  'DISTINCTEXPR',
  'ARRAYEXPR',
  'ROWEXPR',
  'SQLVALUEFUNCTION',
]);
const TRANSPARENT_NODES = new Set([
  'RELABELTYPE',
  'COERCEVIAIO',
  'ARRAYCOERCEEXPR',
  'COERCETODOMAIN',
  'NAMEDARGEXPR',
  'BOOLEXPR',
]);
/** Of one row or more, with an argument that is never null; the second ones whatever their arguments are. */
const AGGREGATES_OF_ROWS = new Set(['sum', 'min', 'max', 'avg', 'bool_and', 'bool_or', 'every']);
const AGGREGATES_OF_ANY_ROWS = new Set(['array_agg', 'json_agg', 'jsonb_agg']);

/** Whether a column of a statement's answer may be null, as far as its parsed form tells; in doubt it may. */
export class Nullability {
  readonly #catalogue: Catalogue;
  readonly #parameters: readonly Parameter[];
  readonly #underWay = new Set<TreeNode>();

  constructor(catalogue: Catalogue, parameters: readonly Parameter[]) {
    this.#catalogue = catalogue;
    this.#parameters = parameters;
  }

  ofColumn(scope: Scope, index: number): boolean {
    const parts = partsOf(scope);
    if (parts.length > 0) return parts.some((part) => this.ofColumn(part, index));
    const entry = columnsOf(scope.query)[index];
    // A column of WITH RECURSIVE that comes from itself is what its other parts are.
    if (!entry || this.#underWay.has(entry)) return !entry;
    this.#underWay.add(entry);
    const answer = this.#ofNode(nodeIn(entry, 'expr'), scope);
    this.#underWay.delete(entry);
    return answer;
  }

  #ofNode(node: TreeNode | null, scope: Scope): boolean {
    if (!node) return true;
    const some = (nodes: readonly TreeNode[]) => nodes.some((item) => this.#ofNode(item, scope));
    if (NEVER_NULL_NODES.has(node.tag)) return false;
    if (TRANSPARENT_NODES.has(node.tag) || this.#isTotal(node)) return some(argsOf(node));
    switch (node.tag) {
      case 'CONST':
        return node['constisnull'] === 'true';
      case 'PARAM':
        return this.#parameters[numberIn(node, 'paramid') - 1] === 'nullable';
      case 'VAR':
        return this.#ofVar(node, scopeAt(scope, numberIn(node, 'varlevelsup')));
      case 'COALESCEEXPR':
      case 'MINMAXEXPR':
        return (
          argsOf(node).length === 0 ||
          nodesIn(node, 'args').every((arg) => this.#ofNode(arg, scope))
        );
      case 'CASEEXPR': {
        const results = nodesIn(node, 'args').map((when) => nodeIn(when, 'result'));
        return [...results, nodeIn(node, 'defresult')].some((result) =>
          this.#ofNode(result, scope),
        );
      }
      case 'FUNCEXPR':
        return !NEVER_NULL_FUNCTIONS.has(this.#nameOf(node, 'funcid'));
      case 'AGGREF':
        return this.#ofAggregate(node, scope);
      case 'SUBLINK':
        return this.#ofSublink(node, scope);
      default:
        return true;
    }
  }

  #isTotal = (node: TreeNode): boolean => {
    if (node.tag === 'OPEXPR')
      return TOTAL_OPERATORS.has(this.#catalogue.operatorNames.get(numberIn(node, 'opno')) ?? '');
    if (node.tag !== 'FUNCEXPR') return ['RELABELTYPE', 'COERCEVIAIO'].includes(node.tag);
    return (
      CASTS.includes(textIn(node, 'funcformat')) ||
      TOTAL_FUNCTIONS.has(this.#nameOf(node, 'funcid'))
    );
  };

  #nameOf(node: TreeNode, field: string): string {
    return this.#catalogue.functionNames.get(numberIn(node, field)) ?? '';
  }

  #ofVar(node: TreeNode, scope: Scope): boolean {
    const [table, column] = [numberIn(node, 'varno'), numberIn(node, 'varattno')];
    if (provedColumns(scope, this.#isTotal).has(`${table}.${column}`)) return false;
    // Of the other side of an outer join.
    if (hasMembers(node, 'varnullingrels')) return true;
    const entry = rangeEntry(scope, table);
    const within = scopeOfEntry(scope, entry);
    if (within) return this.ofColumn(within, column - 1);
    switch (entry['rtekind']) {
      case RTE.relation:
        return this.#ofTableColumn(scope, table, column);
      case RTE.group:
        return this.#ofNode(nodesIn(entry, 'groupexprs')[column - 1] ?? null, scope);
      case RTE.join:
        return this.#ofNode(nodesIn(entry, 'joinaliasvars')[column - 1] ?? null, scope);
      case RTE.function:
        return this.#ofFunctionColumn(entry, column);
      default:
        return true;
    }
  }

  #ofTableColumn(scope: Scope, table: number, column: number): boolean {
    const { query } = scope;
    const isWritten =
      query['commandType'] === UPDATE && numberIn(query, 'resultRelation') === table;
    const set = isWritten
      ? nodesIn(query, 'targetList').find((entry) => numberIn(entry, 'resno') === column)
      : undefined;
    // In what it is set to, the column is what it was before.
    if (set && !this.#underWay.has(set)) {
      this.#underWay.add(set);
      const mayBeSetToNull = this.#ofNode(nodeIn(set, 'expr'), scope);
      this.#underWay.delete(set);
      if (!mayBeSetToNull) return false;
    }
    return !this.#catalogue.notNull.has(`${textIn(rangeEntry(scope, table), 'relid')}.${column}`);
  }

  /** The numbers of rows, and the items of an array without nulls. */
  #ofFunctionColumn(entry: TreeNode, column: number): boolean {
    const functions = nodesIn(entry, 'functions');
    if (column === functions.length + 1) return entry['funcordinality'] !== 'true';
    const call = functions.every((item) => numberIn(item, 'funccolcount') === 1)
      ? functions[column - 1]
      : undefined;
    const unnest = call && nodeIn(call, 'funcexpr');
    if (!unnest || this.#nameOf(unnest, 'funcid') !== 'unnest') return true;
    const [list] = argsOf(unnest);
    return list?.tag !== 'PARAM' || this.#parameters[numberIn(list, 'paramid') - 1] !== 'list';
  }

  #ofAggregate(node: TreeNode, scope: Scope): boolean {
    const name = this.#nameOf(node, 'aggfnoid');
    if (name === 'count') return false;
    const { query } = scope;
    const hasRows =
      query['groupClause'] !== null && query['groupingSets'] === null && node['aggfilter'] === null;
    if (!hasRows) return true;
    if (AGGREGATES_OF_ANY_ROWS.has(name)) return false;
    const args = nodesIn(node, 'args').map((entry) => nodeIn(entry, 'expr'));
    return !AGGREGATES_OF_ROWS.has(name) || args.some((arg) => this.#ofNode(arg, scope));
  }

  #ofSublink(node: TreeNode, scope: Scope): boolean {
    const query = nodeIn(node, 'subselect');
    const [kind, test] = [textIn(node, 'subLinkType'), nodeIn(node, 'testexpr')];
    if (kind === '0' || kind === '6') return false; // EXISTS, ARRAY(…)
    const within = query && { query, outer: scope };
    if (!within || !['2', '4'].includes(kind)) return true;
    const mayLackRow = kind === '4' && !isOneRow(within.query);
    const tested = test ? argsOf(test).filter((arg) => arg.tag !== 'PARAM') : [];
    return mayLackRow || this.ofColumn(within, 0) || tested.some((arg) => this.#ofNode(arg, scope));
  }
}
