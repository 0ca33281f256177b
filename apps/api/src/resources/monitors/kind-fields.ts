import { isDeepStrictEqual } from 'node:util';
import {
  CHECK_KINDS,
  CHECK_KIND_NAMES,
  DEFAULT_KIND,
  isCheckKind,
  shapeOf,
  type CheckKindName,
} from '@gomon/checks';
import type { FastifyInstance, FastifySchemaCompiler } from 'fastify';
import Type, { type TProperties, type TSchema } from 'typebox';
import { oneOf, record, type Notes } from '../../schemas/fields.ts';

interface Field extends TSchema {
  readonly default?: unknown;
  readonly description?: string;
  readonly format?: string;
  readonly examples?: readonly unknown[];
}

export function kindField(notes: Notes = {}) {
  return oneOf(CHECK_KIND_NAMES, notes);
}

/** The fields of a kind as they are given to a new monitor. */
export function newFields(kind: CheckKindName): TProperties {
  return mapFields(kind, (field, isSecret) =>
    field.default === undefined
      ? noted(field, 'Must be given.')
      : Type.Optional(isSecret ? noted(field, 'Values are write-only.') : field),
  );
}

/** The fields of a kind as they are changed. */
export function changedFields(kind: CheckKindName): TProperties {
  return mapFields(kind, ({ default: _, ...field }, isSecret) => {
    const { additionalProperties } = field as unknown as { additionalProperties: object };
    const nullable = {
      ...field,
      additionalProperties: { ...additionalProperties, type: ['string', 'null'] },
    };
    const notes = 'Null keeps the value of that name; names left out are removed.';
    return Type.Optional(isSecret ? noted(nullable, notes) : (field as TSchema));
  });
}

/** The fields of a kind as they are answered. */
export function answeredFields(kind: CheckKindName): TProperties {
  return mapFields(kind, (field, isSecret) => (isSecret ? SECRET : shapeOf(field)));
}

const SECRET = Type.Unsafe<Record<string, null>>({
  type: 'object',
  additionalProperties: { type: ['string', 'null'] }, // Generators know no type that is null alone.
  description: 'The names only, each with null: values are write-only.',
});

function mapFields(
  kind: CheckKindName,
  map: (field: Field, isSecret: boolean) => TSchema,
): TProperties {
  const { settings, secrets } = CHECK_KINDS[kind];
  const fields = Object.entries(settings.properties as Record<string, Field>);
  return Object.fromEntries(
    fields.map(([name, field]) => [name, map(field, secrets.includes(name))]),
  );
}

function noted(field: { readonly description?: string }, note: string): TSchema {
  return Type.Unsafe({
    ...field,
    description: [note, field.description].filter(Boolean).join(' '),
  });
}

/**
 * The fields of all kinds in one object, for the description: generators of clients handle alternatives badly. None of them is
 * required, and each says which kinds it is for. Fields of one name are alike in all kinds that have them, except for the default,
 * the format, examples and the description.
 */
export function fieldsOfAllKinds(
  fieldsOf: (kind: CheckKindName) => TProperties,
): Readonly<Record<never, TSchema>> {
  const all = CHECK_KIND_NAMES.flatMap((kind) =>
    Object.entries(fieldsOf(kind)).map(([name, field]) => ({ kind, name, field })),
  );
  const merged = [...Map.groupBy(all, ({ name }) => name)].map(([name, uses]) => {
    const [first = {}, ...others] = uses.map(({ field }): Field => field);
    const isOfOne = (other: Field) =>
      JSON.stringify(rulesOf(other)) === JSON.stringify(rulesOf(first));
    if (!others.every(isOfOne)) throw new Error(`the field ${name} differs between kinds`);
    const alike = Object.entries(first).filter(([note, value]) =>
      others.every((other) => isDeepStrictEqual(Reflect.get(other, note), value)),
    );
    const described = [...Map.groupBy(uses, ({ field }) => (field as Field).description ?? '')];
    const description = described
      .map(([text, of]) => describe(of.map(({ kind }) => kind).join(', '), text))
      .join(' ');
    return [name, Type.Optional(Type.Unsafe({ ...Object.fromEntries(alike), description }))];
  });
  return Object.fromEntries(merged) as Record<never, TSchema>;
}

const rulesOf = ({ default: _, description: __, format: ___, examples: ____, ...rules }: Field) =>
  rules;

const describe = (kinds: string, text: string) => (text ? `${kinds}: ${text}` : `Of ${kinds}.`);

/** The names of fields that other kinds have and this one has not. */
export function fieldsOfOtherKinds(kind: string): string[] {
  const own = isCheckKind(kind) ? CHECK_KINDS[kind].settings.properties : {};
  const all = CHECK_KIND_NAMES.flatMap((name) =>
    Object.keys(CHECK_KINDS[name].settings.properties),
  );
  return [...new Set(all)].filter((name) => !(name in own));
}

/** Validates a body by exactly what its kind takes: `common`, and the fields of that kind. */
export function validateByKind(
  app: FastifyInstance,
  common: TProperties,
): FastifySchemaCompiler<unknown> {
  return (route) => {
    const compile = app.validatorCompiler;
    if (!compile) throw new Error('there is no validator');
    const ofAllKinds = compile(route);
    if (route.httpPart !== 'body') return ofAllKinds;
    const validators = new Map(
      CHECK_KIND_NAMES.map((kind) => [
        kind,
        compile({ ...route, schema: record({ ...common, ...newFields(kind) }) }),
      ]),
    );
    const chosen = (body: unknown) => {
      const { kind = DEFAULT_KIND } = (typeof body === 'object' && body !== null ? body : {}) as {
        kind?: unknown;
      };
      return (isCheckKind(kind) && validators.get(kind)) || ofAllKinds;
    };
    const validate = (body: unknown): unknown => {
      const validator = chosen(body) as ((body: unknown) => unknown) & { errors?: unknown };
      const answer = validator(body);
      Object.assign(validate, { errors: validator.errors });
      return answer;
    };
    return validate as ReturnType<FastifySchemaCompiler<unknown>>;
  };
}
