import Type, { type TSchema } from 'typebox';
import { checkKind } from './all.ts';

interface Described {
  readonly type?: unknown;
  readonly enum?: readonly unknown[];
  readonly items?: Described;
  readonly additionalProperties?: Described;
  readonly description?: string;
}

/** The type of a field without its bounds and formats: those are for what users send, and may have been others once. */
export function shapeOf({ type, enum: words, items, additionalProperties }: Described): TSchema {
  return Type.Unsafe({
    type,
    ...(words && { enum: [...words] }),
    ...(items && { items: shapeOf(items) }),
    ...(additionalProperties && { additionalProperties: shapeOf(additionalProperties) }),
  });
}

/** A schema of the kind's settings as they are stored and sent: secrets encrypted, defaults left out. */
export function storedShape(kind: string): TSchema {
  const fields = Object.entries(
    checkKind(kind).settings.properties as Record<string, Described & { default?: unknown }>,
  );
  return Type.Object(
    Object.fromEntries(
      fields.map(([name, field]) => [
        name,
        field.default === undefined ? shapeOf(field) : Type.Optional(shapeOf(field)),
      ]),
    ),
  );
}
