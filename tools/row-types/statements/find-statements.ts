import ts from 'typescript';

/** What runs a statement: Prisma's client, the driver, or one or the other. */
export type Reader = 'prisma' | 'driver' | 'either';

/** A place in the code that runs a statement of SQL. */
export interface RunStatement {
  readonly node: ts.Node;
  readonly statement: ts.Expression;
  /** Where they are not in the statement itself. */
  readonly values: readonly ts.Expression[];
  readonly reader: Reader;
  /** What the code takes a row for; null where it takes it for nothing. */
  readonly rowType: ts.Type | null;
}

const PRISMA_TAGS = ['$queryRaw', '$executeRaw', '$queryRawUnsafe', '$executeRawUnsafe'];
const READ_FUNCTIONS = ['readRows', 'readRow', 'execute'];
/** Their callers are checked instead. */
const SEAM = /\/db\/db\.ts$/;

export function findStatements(
  checker: ts.TypeChecker,
  files: readonly ts.SourceFile[],
): RunStatement[] {
  const found: RunStatement[] = [];
  const visit = (node: ts.Node): void => {
    const run = toRun(checker, node);
    if (run) found.push(run);
    ts.forEachChild(node, visit);
  };
  for (const file of files.filter(({ fileName }) => !SEAM.test(fileName))) visit(file);
  return found;
}

function toRun(checker: ts.TypeChecker, node: ts.Node): RunStatement | null {
  if (ts.isTaggedTemplateExpression(node) && PRISMA_TAGS.includes(nameOf(node.tag))) {
    return {
      node,
      statement: node,
      values: [],
      reader: 'prisma',
      rowType: rowTypeOf(checker, awaited(checker, node)),
    };
  }
  if (!ts.isCallExpression(node)) return null;
  const name = nameOf(node.expression);
  const [first, second] = node.arguments;
  if (PRISMA_TAGS.includes(name) && first) {
    return {
      node,
      statement: first,
      values: [],
      reader: 'prisma',
      rowType: rowTypeOf(checker, awaited(checker, node)),
    };
  }
  if (READ_FUNCTIONS.includes(name) && ts.isIdentifier(node.expression) && second) {
    return {
      node,
      statement: second,
      values: [],
      reader: 'either',
      rowType: rowTypeOf(checker, awaited(checker, node)),
    };
  }
  if (
    name === 'query' &&
    ts.isPropertyAccessExpression(node.expression) &&
    node.typeArguments &&
    first
  ) {
    const rows = awaited(checker, node).getProperty('rows');
    const values = second && ts.isArrayLiteralExpression(second) ? second.elements : [];
    const rowType = rows ? rowTypeOf(checker, checker.getTypeOfSymbol(rows)) : null;
    return { node, statement: first, values, reader: 'driver', rowType };
  }
  return null;
}

function nameOf(callee: ts.Expression): string {
  if (ts.isExpressionWithTypeArguments(callee)) return nameOf(callee.expression);
  if (ts.isPropertyAccessExpression(callee)) return callee.name.text;
  return ts.isIdentifier(callee) ? callee.text : '';
}

function awaited(checker: ts.TypeChecker, node: ts.Expression): ts.Type {
  const type = checker.getTypeAtLocation(node);
  return checker.getAwaitedType(type) ?? type;
}

/** Of rows or of one; null for a number of rows, nothing, and what nothing is said of. */
function rowTypeOf(checker: ts.TypeChecker, answer: ts.Type): ts.Type | null {
  const items = checker.isArrayLikeType(answer)
    ? checker.getIndexTypeOfType(answer, ts.IndexKind.Number)
    : answer;
  const claimsNothing =
    ts.TypeFlags.Unknown | ts.TypeFlags.NonPrimitive | ts.TypeFlags.Number | ts.TypeFlags.Void;
  return items && !(items.flags & claimsNothing) ? items : null;
}
