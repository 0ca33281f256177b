import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';

export type SchemaCheck = (schema: object) => ValidateFunction;

/** Compiles schemas of a description that has these components; formats are not looked at. Throws for what is no JSON Schema. */
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
