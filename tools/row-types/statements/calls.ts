import ts from 'typescript';

/** Who calls which function, in the files of a library. */
export class Calls {
  readonly #checker: ts.TypeChecker;
  readonly #byName = new Map<string, ts.CallExpression[]>();

  constructor(checker: ts.TypeChecker, files: readonly ts.SourceFile[]) {
    this.#checker = checker;
    const visit = (node: ts.Node): void => {
      if (ts.isCallExpression(node) && ts.isIdentifier(node.expression)) {
        const { text } = node.expression;
        this.#byName.set(text, [...(this.#byName.get(text) ?? []), node]);
      }
      ts.forEachChild(node, visit);
    };
    for (const file of files) visit(file);
  }

  of(declaration: ts.SignatureDeclaration): ts.CallExpression[] {
    const { name } = ts.isArrowFunction(declaration)
      ? (declaration.parent as ts.VariableDeclaration)
      : declaration;
    const calls = (name && ts.isIdentifier(name) && this.#byName.get(name.text)) || [];
    return calls.filter(
      (call) => this.#checker.getResolvedSignature(call)?.declaration === declaration,
    );
  }
}
