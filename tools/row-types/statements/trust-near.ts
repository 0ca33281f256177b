import ts from 'typescript';

const REASON = /\/\/ On trust, ("[^:\n]+"): \S/g;
const NAME = /"(\w+)"/g;

/** The columns that a comment in the statement's function asks to take as they are declared: `// On trust, "name" and "other": the reason`. */
export function trustNear(statement: ts.Node): Set<string> {
  const around = ts.findAncestor(statement, ts.isFunctionLike) ?? statement.getSourceFile();
  const lists = [...around.getText().matchAll(REASON)].map(([, names = '']) => names);
  return new Set(lists.flatMap((names) => [...names.matchAll(NAME)].map(([, name = '']) => name)));
}
