import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';

export type SchemaCheck = (schema: object) => ValidateFunction;

/**
 * Compiles schemas of a description with these components; formats are ignored. Throws for an
 * invalid JSON Schema.
 */
export function createSchemaCheck(components: object): SchemaCheck {
  const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, validateFormats: false });
  ajv.addVocabulary(['components', 'example']);
  const compiled = new Map<string, ValidateFunction>();
  return (schema) => {
    const text = JSON.stringify(schema);
    const validate = compiled.get(text) ?? ajv.compile({ components, ...schema });
    compiled.set(text, validate);
    return validate;
  };
}
