const MARK = '/* prepared */';
const names = new Map<string, string>();

/**
 * A statement that begins with this comment is planned once for each connection: for those that run often and cost more to plan than to
 * run. PostgreSQL goes on planning it each time where the values make a better plan, as they do when they say which partitions.
 */
export function statementName({ sql }: { readonly sql: string }): string {
  if (!sql.startsWith(MARK)) return '';
  const name = names.get(sql) ?? `prepared_${names.size}`;
  names.set(sql, name);
  return name;
}
