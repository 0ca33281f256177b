import Type, { type Static, type TObject, type TProperties, type TSchema } from 'typebox';

export type Notes = Readonly<{
  description?: string;
  default?: unknown;
  examples?: readonly unknown[];
}>;

/** An object with these properties and no others. */
export function record<Properties extends TProperties>(
  properties: Properties,
  notes: Notes & { $id?: string } = {},
): TObject<Properties> {
  return Type.Object(properties, { additionalProperties: false, ...notes });
}

/** A schema that the app knows by its `$id`: written once in the description, under that name. */
export function ref<Schema extends TSchema>(schema: Schema & { $id?: string }) {
  return Type.Unsafe<Static<Schema>>({ $ref: `${schema.$id}#` });
}

export const Id = Type.String({ format: 'uuid' });

export function oneOf<Word extends string>(words: readonly Word[], notes: Notes = {}) {
  return Type.Unsafe<Word>({ type: 'string', enum: words, ...notes });
}

export function oneOfOrNull<Word extends string>(words: readonly Word[], notes: Notes = {}) {
  return Type.Unsafe<Word | null>({ type: ['string', 'null'], enum: [...words, null], ...notes });
}

/** A time in an answer: RFC 3339, UTC. */
export function moment(notes: Notes = {}) {
  return Type.Unsafe<Date>({ type: 'string', format: 'date-time', ...notes });
}

export function momentOrNull(notes: Notes = {}) {
  return Type.Unsafe<Date | null>({ type: ['string', 'null'], format: 'date-time', ...notes });
}

export function textOrNull(notes: Notes = {}) {
  return Type.Unsafe<string | null>({ type: ['string', 'null'], ...notes });
}

export function integerOrNull(notes: Notes = {}) {
  return Type.Unsafe<number | null>({ type: ['integer', 'null'], ...notes });
}

export function numberOrNull(notes: Notes = {}) {
  return Type.Unsafe<number | null>({ type: ['number', 'null'], ...notes });
}

/** The path of one resource. */
export const IdParams = record({ id: Id });

/** The query of every list. */
export const pageQuery = {
  limit: Type.Integer({ minimum: 1, maximum: 200, default: 50 }),
  cursor: Type.Optional(
    Type.String({ maxLength: 200, description: 'The `nextCursor` of the previous page.' }),
  ),
};

export function pageOf<Schema extends TSchema>(item: Schema) {
  return record({
    items: Type.Array(item),
    nextCursor: Type.Unsafe<string | null>({ type: ['string', 'null'] }),
  });
}
