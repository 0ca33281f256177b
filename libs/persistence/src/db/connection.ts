import pg from 'pg';

const TIMESTAMPTZ = 1184;
/** The latest time in RFC 3339; neither Prisma nor a browser reads PostgreSQL's text of a later one. */
const LATEST = '9999-12-31T23:59:59.999+00:00';
const BEYOND = /^(infinity|\d{5,}-)/;

type ParserOf = (oid: number, format: string) => (text: string) => unknown;

/**
 * A connection that reads times beyond the year 9999 as the last one before. Prisma's own parsers
 * fail there.
 */
export class Connection extends pg.Client {
  // The overloads are the driver's.
  override query = ((config: unknown, ...rest: unknown[]) =>
    (super.query as (...args: unknown[]) => unknown)(
      withLatest(config),
      ...rest,
    )) as pg.Client['query'];
}

function withLatest(config: unknown): unknown {
  const { types } = Object(config) as { types?: { getTypeParser: ParserOf } };
  if (!types) return config;
  const getTypeParser: ParserOf = (oid, format) => {
    const parse = types.getTypeParser(oid, format);
    return oid === TIMESTAMPTZ ? (text) => (BEYOND.test(text) ? LATEST : parse(text)) : parse;
  };
  return { ...(config as object), types: { getTypeParser } };
}
