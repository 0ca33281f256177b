import ts from 'typescript';
import type { Column } from './postgres/describe-statement.ts';
import type { PgType } from './postgres/catalogue.ts';
import type { Reader } from './statements/find-statements.ts';

export interface Mismatch {
  readonly column: string;
  readonly fault: string;
  /**
   * A reason beside the statement excuses what is `unproved`, since its author may know what PostgreSQL does not, and what is `needless`,
   * which is a fault when it is so in all forms of the statement.
   */
  readonly kind: 'wrong' | 'unproved' | 'needless';
}

const NUMBERS = ['int2', 'int4', 'float4', 'float8', 'oid'];
const TEXTS = ['text', 'varchar', 'bpchar', 'name', 'uuid'];
const MOMENTS = ['timestamptz', 'timestamp', 'date'];
const JSON_TYPES = ['json', 'jsonb'];

/** Where a row's type and the columns that PostgreSQL answers with differ. */
export function compareRow(
  checker: ts.TypeChecker,
  rowType: ts.Type,
  columns: readonly Column[],
  reader: Reader,
): Mismatch[] {
  if (rowType.flags & (ts.TypeFlags.Any | ts.TypeFlags.TypeParameter))
    return [wrong('*', `is taken for ${checker.typeToString(rowType)}`)];
  const properties = new Map(
    checker.getPropertiesOfType(rowType).map((property) => [property.name, property]),
  );
  const missing = [...properties.values()].flatMap((property) => {
    const isThere = columns.some(({ name }) => name === property.name);
    return isThere || property.flags & ts.SymbolFlags.Optional
      ? []
      : [wrong(property.name, 'is declared, and no column')];
  });
  const compared = columns.flatMap((column): Mismatch[] => {
    const property = properties.get(column.name);
    if (!property) return [wrong(column.name, 'is a column, and not declared')];
    return compareColumn(checker, checker.getTypeOfSymbol(property), column, reader);
  });
  return [...missing, ...compared];
}

const wrong = (column: string, fault: string): Mismatch => ({ column, fault, kind: 'wrong' });
const unproved = (column: string, fault: string): Mismatch => ({ column, fault, kind: 'unproved' });

function compareColumn(
  checker: ts.TypeChecker,
  type: ts.Type,
  column: Column,
  reader: Reader,
): Mismatch[] {
  if (type.flags & ts.TypeFlags.Unknown) return [];
  const members = type.isUnion() ? type.types : [type];
  const present = members.filter(
    (member) => !(member.flags & (ts.TypeFlags.Null | ts.TypeFlags.Undefined)),
  );
  const declared = checker.typeToString(type);
  const isNullable = members.some((member) => member.flags & ts.TypeFlags.Null);
  if (column.values?.length === 0)
    return isNullable ? [] : [wrong(column.name, `is declared ${declared}, and always null`)];
  const faults: Mismatch[] = [];
  if (!present.every((member) => isReadAs(checker, member, column.type, reader))) {
    return [
      wrong(column.name, `is declared ${declared}, and a column of type ${column.type.name}`),
    ];
  }
  if (present.filter((member) => member.flags & ts.TypeFlags.BooleanLiteral).length === 1) {
    faults.push(unproved(column.name, `is declared ${declared}, and may be the contrary`));
  }
  const undeclared = JSON_TYPES.includes(column.type.name)
    ? null
    : undeclaredTexts(present, column);
  if (undeclared)
    faults.push(unproved(column.name, `is declared ${declared}, and may be ${undeclared}`));
  if (column.mayBeNull && !isNullable)
    faults.push(unproved(column.name, `is declared ${declared}, and may be null`));
  // JSON has its own null.
  const isNeedless = isNullable && !column.mayBeNull && !JSON_TYPES.includes(column.type.name);
  if (isNeedless)
    faults.push({
      column: column.name,
      fault: `is declared ${declared}, and never null`,
      kind: 'needless',
    });
  return faults;
}

/** Whether the reader makes values of this type, or of a part of it, of the column. */
function isReadAs(checker: ts.TypeChecker, type: ts.Type, column: PgType, reader: Reader): boolean {
  const is = (flags: ts.TypeFlags) => (type.flags & flags) !== 0;
  if (column.element) {
    const item = checker.isArrayLikeType(type)
      ? checker.getIndexTypeOfType(type, ts.IndexKind.Number)
      : undefined;
    const isRead = column.element.labels.length === 0 && column.element.name !== 'int8';
    const items = item?.isUnion() ? item.types : [item];
    return (
      isRead &&
      items.every(
        (member) =>
          member !== undefined && isReadAs(checker, member, column.element as PgType, reader),
      )
    );
  }
  if (column.labels.length > 0 || TEXTS.includes(column.name)) return is(ts.TypeFlags.StringLike);
  if (NUMBERS.includes(column.name)) return is(ts.TypeFlags.Number);
  if (MOMENTS.includes(column.name)) return type.symbol?.name === 'Date';
  if (JSON_TYPES.includes(column.name))
    return (
      !['Date', 'Uint8Array'].includes(type.symbol?.name ?? '') && !is(ts.TypeFlags.BigIntLike)
    );
  if (column.name === 'bool') return is(ts.TypeFlags.BooleanLike);
  if (column.name === 'bytea') return type.symbol?.name === 'Uint8Array';
  if (column.name === 'int8') return reader === 'prisma' && is(ts.TypeFlags.BigInt);
  return column.name === 'numeric' && reader === 'prisma' && type.symbol?.name === 'Decimal';
}

/** What the column may be besides the texts that are declared; null where that is nothing. */
function undeclaredTexts(types: readonly ts.Type[], { type, values }: Column): string | null {
  const texts = types
    .flatMap((item) => itemsOf(item))
    .filter((item) => item.flags & ts.TypeFlags.StringLike);
  if (texts.length === 0 || texts.some((text) => text.flags & ts.TypeFlags.String)) return null;
  const possible = type.labels.length > 0 ? type.labels : values;
  if (!possible) return 'any other text';
  const undeclared = possible.filter(
    (value) => !texts.some((text) => text.isStringLiteral() && text.value === value),
  );
  return undeclared.length > 0 ? undeclared.map((value) => `'${value}'`).join(', ') : null;
}

function itemsOf(type: ts.Type): readonly ts.Type[] {
  const [item] =
    type.symbol?.name === 'Array' || type.symbol?.name === 'ReadonlyArray'
      ? ((type as ts.TypeReference).typeArguments ?? [])
      : [type];
  return item?.isUnion() ? item.types : item ? [item] : [];
}
