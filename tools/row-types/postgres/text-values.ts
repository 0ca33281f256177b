import { nodeIn, nodesIn, numberIn, type TreeNode, type TreeValue } from './node-tree.ts';
import {
  argsOf,
  columnsOf,
  partsOf,
  rangeEntry,
  scopeAt,
  scopeOfEntry,
  type Scope,
} from './query-scope.ts';

const VARLENA_HEADER_BYTES = 4;

/** The texts that a column of a statement's answer may be, where all of them are constants; null where they are not. */
export function textValuesOf(scope: Scope, index: number): string[] | null {
  const parts = partsOf(scope);
  if (parts.length > 0) return union(parts.map((part) => textValuesOf(part, index)));
  const entry = columnsOf(scope.query)[index];
  return entry ? ofNode(nodeIn(entry, 'expr'), scope) : null;
}

function ofNode(node: TreeNode | null, scope: Scope): string[] | null {
  switch (node?.tag) {
    case 'CONST':
      return node['constisnull'] === 'true' ? [] : [textOf(node['constvalue'])];
    case 'RELABELTYPE':
    case 'COERCEVIAIO':
    case 'COALESCEEXPR':
      return union(argsOf(node).map((arg) => ofNode(arg, scope)));
    case 'CASEEXPR': {
      const results = [
        ...nodesIn(node, 'args').map((when) => nodeIn(when, 'result')),
        nodeIn(node, 'defresult'),
      ];
      return union(results.map((result) => (result ? ofNode(result, scope) : [])));
    }
    case 'VAR': {
      const owner = scopeAt(scope, numberIn(node, 'varlevelsup'));
      const entry = rangeEntry(owner, numberIn(node, 'varno'));
      const grouped = nodesIn(entry, 'groupexprs')[numberIn(node, 'varattno') - 1];
      if (grouped) return ofNode(grouped, owner);
      const within = scopeOfEntry(owner, entry);
      return within && !isRecursive(entry)
        ? textValuesOf(within, numberIn(node, 'varattno') - 1)
        : null;
    }
    default:
      return null;
  }
}

const isRecursive = (entry: TreeNode) => entry['self_reference'] === 'true';

/** Written as its length and then, in brackets, its bytes. */
function textOf(value: TreeValue | undefined): string {
  const bytes = (Array.isArray(value) ? (value as string[]) : [])
    .filter((token) => /^-?\d+$/.test(token))
    .map(Number);
  return Buffer.from(bytes.slice(1 + VARLENA_HEADER_BYTES)).toString();
}

function union(sets: readonly (string[] | null)[]): string[] | null {
  return sets.every((set) => set !== null) ? [...new Set(sets.flat())] : null;
}
