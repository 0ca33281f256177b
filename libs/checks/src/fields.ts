import Type from 'typebox';

/** A text of at most 1,024 characters, or null. */
export function optionalText(description: string) {
  return Type.Unsafe<string | null>({
    type: ['string', 'null'],
    minLength: 1,
    maxLength: 1024,
    format: 'text',
    default: null,
    description,
  });
}

/** Fields of a request's header. */
export function requestHeaders(description: string) {
  return Type.Unsafe<Readonly<Record<string, string>>>({
    type: 'object',
    maxProperties: 20,
    propertyNames: { format: 'header-name', maxLength: 256 },
    additionalProperties: { type: 'string', maxLength: 4096, format: 'header-value' },
    default: {},
    description,
  });
}
