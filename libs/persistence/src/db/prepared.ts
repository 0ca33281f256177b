const MARK = '/* prepared */';
const names = new Map<string, string>();

/**
 * A statement that begins with this comment is planned once per connection: for frequent statements
 * that cost more to plan than to run. PostgreSQL still replans where the values give a better plan,
 * as when they select partitions.
 */
export function statementName({ sql }: { readonly sql: string }): string {
  if (!sql.startsWith(MARK)) return '';
  const name = names.get(sql) ?? `prepared_${names.size}`;
  names.set(sql, name);
  return name;
}
