import { createSchemaCheck, type SchemaCheck } from '@gomon/api/testing';

/** What is used of JSON Schema. */
export interface Schema {
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly format?: string;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly uniqueItems?: boolean;
  readonly items?: Schema;
  readonly properties?: Record<string, Schema>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly propertyNames?: Schema;
  readonly maxProperties?: number;
}

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required?: boolean;
  readonly schema: Schema;
}

type Content = Record<string, { readonly schema: Schema }>;

export interface Operation {
  /** `POST /v1/monitors/{id}/check` */
  readonly name: string;
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly isPublic: boolean;
  readonly parameters: readonly Parameter[];
  readonly body: Schema | null;
  readonly responses: Record<string, { readonly content?: Content }>;
}

export interface Description {
  readonly operations: readonly Operation[];
  /** Compiles one of its schemas. */
  readonly compile: SchemaCheck;
}

interface OpenApi {
  readonly paths: Record<
    string,
    Record<
      string,
      Omit<Operation, 'body'> & { security?: object[]; requestBody?: { content: Content } }
    >
  >;
  readonly components: object;
}

/** What `/openapi.json` says. */
export function readDescription(text: string): Description {
  const { paths, components } = JSON.parse(text) as OpenApi;
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(
      ([method, { security = [], parameters = [], requestBody, responses }]) => ({
        name: `${method.toUpperCase()} ${path}`,
        method: method.toUpperCase() as Operation['method'],
        path,
        isPublic: security.length === 0,
        parameters,
        body: requestBody?.content['application/json']?.schema ?? null,
        responses,
      }),
    ),
  );
  return { operations: operations.filter(endsSoon), compile: createSchemaCheck(components) };
}

/** A stream of events is no answer to wait for. */
function endsSoon({ responses }: Operation): boolean {
  return !Object.values(responses).some(({ content = {} }) => 'text/event-stream' in content);
}
