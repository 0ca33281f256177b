/** A node of a parsed statement, as PostgreSQL writes it in `pg_node_tree`: its fields by name. */
export interface TreeNode {
  readonly tag: string;
  readonly [field: string]: TreeValue;
}

export type TreeValue = string | null | TreeNode | readonly TreeValue[];

/** Reads `pg_node_tree` as text: `{TAG :field value …}`, `(lists)`, `<>` for nothing. */
export function parseNodeTree(text: string): TreeValue {
  const tokens = text.match(/[(){}]|(?:\\.|[^\s(){}\\])+/gs) ?? [];
  let next = 0;
  const readValue = (): TreeValue => {
    const token = tokens[next++] ?? '';
    if (token === '<>') return null;
    if (token === '(') return readList();
    if (token === '{') return readNode();
    return token.replaceAll(/\\(.)/gs, '$1');
  };
  const readList = (): TreeValue[] => {
    const items = [];
    while (tokens[next] !== ')') items.push(readValue());
    next++;
    return items;
  };
  const readNode = (): TreeNode => {
    const node: Record<string, TreeValue> & { tag: string } = { tag: tokens[next++] ?? '' };
    while (tokens[next] !== '}') {
      const field = (tokens[next++] ?? '').slice(1);
      const values = [];
      while (tokens[next] !== '}' && !tokens[next]?.startsWith(':')) values.push(readValue());
      node[field] = values.length === 1 ? (values[0] ?? null) : values;
    }
    next++;
    return node;
  };
  return readValue();
}

export function isNode(value: TreeValue | undefined): value is TreeNode {
  return typeof value === 'object' && value !== null && 'tag' in value;
}

/** The node in a field, null where it is empty. */
export function nodeIn(node: TreeNode, field: string): TreeNode | null {
  const value = node[field];
  return isNode(value) ? value : null;
}

/** The nodes of the list in a field. */
export function nodesIn(node: TreeNode, field: string): TreeNode[] {
  const value = node[field];
  return Array.isArray(value) ? (value as TreeValue[]).filter(isNode) : [];
}

export function textIn(node: TreeNode, field: string): string {
  const value = node[field];
  return typeof value === 'string' ? value : '';
}

export function numberIn(node: TreeNode, field: string): number {
  return Number(textIn(node, field));
}

/** Whether a set of numbers, such as `(b 2 3)`, has any. */
export function hasMembers(node: TreeNode, field: string): boolean {
  const value = node[field];
  return Array.isArray(value) && value.length > 1;
}
