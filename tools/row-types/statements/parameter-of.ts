import ts from 'typescript';
import type { Parameter } from '../postgres/catalogue.ts';

const LISTS = ['arrayLiteral', 'textArrayLiteral'];

/** What a value in a template may be, by its type. */
export function parameterOf(checker: ts.TypeChecker, value: ts.Expression): Parameter {
  const type = checker.getTypeAtLocation(value);
  if (mayBeNull(type)) return 'nullable';
  const [list] =
    ts.isCallExpression(value) && LISTS.includes(value.expression.getText())
      ? value.arguments
      : [value];
  const listType = list && checker.getTypeAtLocation(list);
  const item =
    listType && checker.isArrayLikeType(listType)
      ? checker.getIndexTypeOfType(listType, ts.IndexKind.Number)
      : undefined;
  return item && !mayBeNull(item) ? 'list' : 'present';
}

function mayBeNull(type: ts.Type): boolean {
  const flags =
    ts.TypeFlags.Any |
    ts.TypeFlags.Unknown |
    ts.TypeFlags.Null |
    ts.TypeFlags.Undefined |
    ts.TypeFlags.TypeParameter;
  return (type.isUnion() ? type.types : [type]).some((member) => member.flags & flags);
}
