const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** In PostgreSQL's form, in either case. */
export function isUuid(text: string): boolean {
  return UUID.test(text);
}

/** Ids in PostgreSQL's form without duplicates: clients may use either case. */
export function uniqueIds(ids: readonly string[]): string[] {
  return [...new Set(ids.map((id) => id.toLowerCase()))];
}
