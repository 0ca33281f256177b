import ts from 'typescript';

/** What may return a fragment. */
export type Fragmenting = ts.FunctionDeclaration | ts.ArrowFunction;

export function functionOf(symbol: ts.Symbol | undefined): Fragmenting | null {
  const declaration = symbol?.valueDeclaration;
  if (!declaration) return null;
  if (ts.isFunctionDeclaration(declaration)) return declaration;
  const initializer = ts.isVariableDeclaration(declaration) ? declaration.initializer : undefined;
  return initializer && ts.isArrowFunction(initializer) ? initializer : null;
}

/** What a function may return, its inner functions' returns aside. */
export function returnsOf(declaration: Fragmenting): ts.Expression[] {
  const { body } = declaration;
  if (!body) return [];
  if (!ts.isBlock(body)) return [body];
  const found: ts.Expression[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node)) return;
    if (ts.isReturnStatement(node) && node.expression) found.push(node.expression);
    ts.forEachChild(node, visit);
  };
  ts.forEachChild(body, visit);
  return found;
}
