import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { HTTPMethods } from 'fastify';
import { OPERATION_IDS } from '../../src/operation-ids.ts';
import { createSchemaCheck, type SchemaCheck } from '../schema-check.ts';
import { register, send, startTestApi, type Client, type TestApi } from '../test-api.ts';

interface Response {
  readonly description: string;
  readonly content?: Record<string, { schema: object }>;
}

interface Operation {
  readonly operationId?: string;
  readonly summary?: string;
  readonly tags?: string[];
  readonly security?: object[];
  readonly parameters?: { name: string; in: string; required?: boolean; schema: object }[];
  readonly requestBody?: { content: Record<string, { schema: object }> };
  readonly responses: Record<string, Response>;
}

interface Description {
  readonly openapi: string;
  readonly info: { title: string; version: string };
  readonly servers: { url: string }[];
  readonly tags: { name: string }[];
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: { schemas: Record<string, object>; securitySchemes: Record<string, object> };
}

let api: TestApi;
let client: Client;
let description: Description;
let operations: [string, Operation][];
let compile: SchemaCheck;
beforeAll(async () => {
  api = await startTestApi();
  client = await api.signUp();
  description = (await send<Description>(api.app, { url: '/openapi.json' })).body;
  compile = createSchemaCheck(description.components);
  operations = Object.entries(description.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): [string, Operation] => [
      `${method.toUpperCase()} ${path}`,
      operation,
    ]),
  );
});
afterAll(() => api.stop());

/** Every object in it, however deep. */
function partsOf(value: unknown): Record<string, unknown>[] {
  if (value === null || typeof value !== 'object') return [];
  const within = Object.values(value).flatMap(partsOf);
  return Array.isArray(value) ? within : [value as Record<string, unknown>, ...within];
}

/** The paths in Fastify's drawing of its routes: a tree, four characters of indentation for each step down. */
function pathsOf(tree: string): string[] {
  const steps: string[] = [];
  return [...tree.matchAll(/^([│ ]*)[├└]── (\S+)/gm)].map(([, indentation = '', step = '']) => {
    steps.length = indentation.length / 4;
    steps.push(step);
    return steps.join('');
  });
}

describe('the description', () => {
  test('is OpenAPI 3.1 and has every route', () => {
    expect(description).toMatchObject({
      openapi: '3.1.0',
      info: { title: 'GoMon', version: expect.any(String) },
    });
    expect(operations.map(([name]) => name).sort()).toEqual([
      'DELETE /v1/api-keys/{id}',
      'DELETE /v1/channels/{id}',
      'DELETE /v1/maintenance-windows/{id}',
      'DELETE /v1/monitors/{id}',
      'DELETE /v1/monitors/{id}/badge',
      'DELETE /v1/sessions/current',
      'DELETE /v1/status-pages/{id}',
      'DELETE /v1/status-pages/{id}/messages/{messageId}',
      'DELETE /v1/users/me',
      'GET /healthz',
      'GET /readyz',
      'GET /v1/alerts',
      'GET /v1/api-keys',
      'GET /v1/channels',
      'GET /v1/channels/{id}',
      'GET /v1/channels/{id}/deliveries',
      'GET /v1/events',
      'GET /v1/maintenance-windows',
      'GET /v1/maintenance-windows/{id}',
      'GET /v1/monitors',
      'GET /v1/monitors/overview',
      'GET /v1/monitors/{id}',
      'GET /v1/monitors/{id}/alerts',
      'GET /v1/monitors/{id}/checks',
      'GET /v1/monitors/{id}/latency',
      'GET /v1/monitors/{id}/stats',
      'GET /v1/status',
      'GET /v1/status-pages',
      'GET /v1/status-pages/{id}',
      'GET /v1/status-pages/{id}/messages',
      'GET /v1/tags',
      'GET /v1/users/me',
      'PATCH /v1/channels/{id}',
      'PATCH /v1/maintenance-windows/{id}',
      'PATCH /v1/monitors/{id}',
      'PATCH /v1/status-pages/{id}',
      'PATCH /v1/status-pages/{id}/messages/{messageId}',
      'PATCH /v1/users/me',
      'POST /v1/alerts/{id}/acknowledge',
      'POST /v1/api-keys',
      'POST /v1/channels',
      'POST /v1/channels/{id}/confirm',
      'POST /v1/channels/{id}/test',
      'POST /v1/dry-runs',
      'POST /v1/maintenance-windows',
      'POST /v1/monitors',
      'POST /v1/monitors/bulk',
      'POST /v1/monitors/{id}/alert-preview',
      'POST /v1/monitors/{id}/check',
      'POST /v1/notifications/{id}/redeliver',
      'POST /v1/probe-trials',
      'POST /v1/sessions',
      'POST /v1/status-pages',
      'POST /v1/status-pages/{id}/messages',
      'POST /v1/users',
      'PUT /v1/monitors/{id}/badge',
    ]);
  });

  test('omits no route: methods that it does not name are refused on all paths', async () => {
    const paths = pathsOf(api.app.printRoutes({ commonPrefix: false })).filter((path) =>
      path.startsWith('/v1/'),
    );
    expect(paths.length).toBeGreaterThan(10);
    const answered = [];
    for (const path of paths) {
      for (const method of api.app.supportedMethods as HTTPMethods[]) {
        const { status } = await send(api.app, {
          method,
          url: path.replaceAll(/:\w+/g, crypto.randomUUID()),
        });
        if (status !== 405) answered.push(`${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`);
      }
    }
    const described = operations.map(([name]) => name).filter((name) => name.includes('/v1/'));
    expect(answered.filter((name) => !/^(HEAD|OPTIONS) /.test(name)).sort()).toEqual(
      described.sort(),
    );
  });

  test('describes every route: its purpose, its access and its answers', () => {
    const tags = description.tags.map((tag) => tag.name);
    for (const [name, { summary, tags: ofRoute = [], security, responses }] of operations) {
      expect({ name, summary }).toEqual({ name, summary: expect.stringMatching(/\w/) });
      expect(tags).toEqual(expect.arrayContaining(ofRoute));
      expect(ofRoute).toHaveLength(1);
      const open = [
        'GET /healthz',
        'GET /readyz',
        'GET /v1/status',
        'POST /v1/sessions',
        'POST /v1/users',
      ].includes(name);
      expect({ name, security }).toEqual({ name, security: open ? [] : [{ bearer: [] }] });
      expect(Object.keys(responses).filter((status) => status.startsWith('2'))).toHaveLength(1);
      for (const response of Object.values(responses)) expect(response.description).toMatch(/\w/);
    }
  });

  test('gives every route a unique name, a verb and a noun, for generated clients', () => {
    const ids = operations.map(([name, { operationId }]) => operationId ?? `none of ${name}`);
    expect(ids.filter((id) => !/^[a-z]+([A-Z][a-z]+)+$/.test(id))).toEqual([]);
    expect(new Set(ids).size).toBe(ids.length);
    expect(Object.values(OPERATION_IDS).sort()).toEqual(ids.sort());
  });

  test('can be made a client of: it says where the API is, and has neither names nor values that generators trip over', () => {
    const names = Object.keys(description.components.schemas);
    expect(description.servers).toEqual([expect.objectContaining({ url: '/' })]);
    expect(
      names.filter(
        (name) =>
          names.includes(name.replace(/^(New|Nullable)/, '')) && /^(New|Nullable)/.test(name),
      ),
    ).toEqual([]);
    const parts = partsOf(description);
    expect(parts.filter((part) => 'default' in part && part['default'] === null)).toEqual([]);
    expect(parts.filter((part) => part['type'] === 'null')).toEqual([]);
    const standard = ['uuid', 'date-time', 'password'];
    const bare = parts.filter(
      ({ format, pattern }) => typeof format === 'string' && !standard.includes(format) && !pattern,
    );
    expect(bare).toEqual([]);
    expect(parts.filter(({ format }) => format === 'name').length).toBeGreaterThan(5);
  });

  test("lists every route's problems", () => {
    const statusesOf = (name: string) =>
      Object.keys(
        description.paths[name.split(' ')[1] ?? '']?.[name.split(' ')[0]?.toLowerCase() ?? '']
          ?.responses ?? {},
      ).join(' ');
    expect(statusesOf('POST /v1/users')).toBe('201 400 409 413 415 429 431 500 503');
    expect(statusesOf('POST /v1/sessions')).toBe('201 400 401 413 415 429 431 500 503');
    expect(statusesOf('POST /v1/monitors')).toBe('201 400 401 403 409 413 415 422 429 431 500 503');
    expect(statusesOf('PATCH /v1/monitors/{id}')).toBe(
      '200 400 401 403 404 409 412 413 415 429 431 500 503',
    );
    expect(statusesOf('POST /v1/monitors/{id}/check')).toBe(
      '202 400 401 403 404 409 413 415 422 429 431 500 503',
    );
    expect(statusesOf('GET /v1/monitors/{id}/checks')).toBe('200 400 401 404 429 431 500 503');
    for (const [name, { responses }] of operations) {
      for (const [status, { content }] of Object.entries(responses).filter(
        ([code]) => code >= '400',
      )) {
        if (name !== 'GET /readyz' || status !== '503') {
          expect(content).toEqual({
            'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
          });
        }
      }
    }
  });

  test('has schemas that are whole, closed and JSON Schema', () => {
    const schemas = operations.flatMap(([, { parameters = [], requestBody, responses }]) => [
      ...parameters.map((parameter) => parameter.schema),
      ...[requestBody, ...Object.values(responses)].flatMap((part) =>
        Object.values(part?.content ?? {}).map((media) => media.schema),
      ),
    ]);
    expect(schemas.length).toBeGreaterThan(60);
    for (const schema of [...schemas, ...Object.values(description.components.schemas)]) {
      expect(() => compile(schema)).not.toThrow();
      expect(JSON.stringify(schema)).not.toMatch(/"type":"object"(?!.*additionalProperties)/);
    }
  });

  test('declares every parameter of every path', () => {
    for (const [name, { parameters = [] }] of operations) {
      const inPath = [...name.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
      expect(
        parameters
          .filter((parameter) => parameter.in === 'path' && parameter.required)
          .map((parameter) => parameter.name),
      ).toEqual(inPath);
    }
  });

  test('matches the answers', async () => {
    const monitor = await register(client, { headers: { 'x-a': 'b' } });
    const answers = [
      ['GET', '/v1/users/me', '/v1/users/me'],
      ['GET', '/v1/monitors', '/v1/monitors'],
      ['GET', `/v1/monitors/${monitor.id}`, '/v1/monitors/{id}'],
      ['GET', '/v1/monitors/overview', '/v1/monitors/overview'],
      ['GET', `/v1/monitors/${monitor.id}/latency`, '/v1/monitors/{id}/latency'],
      ['PUT', `/v1/monitors/${monitor.id}/badge`, '/v1/monitors/{id}/badge'],
      ['GET', '/v1/tags', '/v1/tags'],
      ['GET', '/v1/status', '/v1/status'],
      ['GET', `/v1/monitors/${monitor.id}/stats`, '/v1/monitors/{id}/stats'],
      ['GET', `/v1/monitors/${monitor.id}/checks`, '/v1/monitors/{id}/checks'],
      ['GET', '/v1/alerts?limit=0', '/v1/alerts'],
      ['POST', `/v1/monitors/${monitor.id}/check`, '/v1/monitors/{id}/check'],
      ['POST', '/v1/monitors', '/v1/monitors'],
    ] as const;
    for (const [method, url, path] of answers) {
      const { status, headers, body } = await client.send(method, url);
      const media = String(headers['content-type']).split(';')[0] ?? '';
      const schema =
        description.paths[path]?.[method.toLowerCase()]?.responses[status]?.content?.[media]
          ?.schema;
      const validate = compile(schema ?? { not: {} });
      expect({ method, url, status, valid: validate(body), errors: validate.errors }).toMatchObject(
        { valid: true },
      );
    }
  });

  test('shows the shortest interval that this service allows', () => {
    const body = description.paths['/v1/monitors']?.['post']?.requestBody?.content[
      'application/json'
    ]?.schema as {
      properties: Record<string, { enum?: number[]; default?: unknown; minimum?: number }>;
    };
    expect(body.properties['intervalSeconds']).toMatchObject({
      default: 60,
      enum: expect.not.arrayContaining([5]),
    });
    expect(body.properties['windowSeconds']).toMatchObject({ default: 300, minimum: 60 });
  });
});

describe('the page of the description', () => {
  test('and everything that it loads come from this service', async () => {
    const page = await send(api.app, { url: '/docs' });
    expect(page).toMatchObject({
      status: 200,
      headers: { 'content-type': expect.stringContaining('text/html') },
    });
    const assets = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map(
      (match) => match[1] ?? '',
    );
    expect(assets.length).toBeGreaterThan(3);
    for (const asset of assets) {
      expect(asset).not.toMatch(/^(https?:)?\/\//);
      expect({
        asset,
        status: (await send(api.app, { url: new URL(asset, 'http://host/docs').pathname })).status,
      }).toEqual({
        asset,
        status: 200,
      });
    }
    expect((await send(api.app, { url: '/docs/json' })).text).toBe(
      (await send(api.app, { url: '/openapi.json' })).text,
    );
    expect(page.headers['content-security-policy']).not.toContain('upgrade-insecure-requests');
  });
});
