import fc from 'fast-check';
import type { Operation, Parameter } from './description.ts';
import { hostileBody, hostileText, hostileValue, nearMiss } from './hostile-values.ts';
import { validValue } from './valid-values.ts';

/** `key`: an API key of the owner's. `stranger`: another account. `forger`: with a token that is none. */
export type By = 'owner' | 'key' | 'stranger' | 'forger' | 'nobody';

/** The object that a path names: the owner's, the neighbour's, one that the owner removed, or whatever this text says. */
export type Target =
  | { readonly kind: 'own' | 'foreign' | 'gone'; readonly index: number }
  | { readonly kind: 'text'; readonly text: string };

export type Body = { readonly json: unknown } | { readonly raw: Buffer } | null;

/** A request whose ids, tokens and passwords are filled in when its turn comes. */
export interface Step {
  /** The name of an operation; null for an address and a method that no operation has. */
  readonly operation: string | null;
  readonly method: string;
  readonly path: string;
  readonly by: By;
  readonly target: Target;
  readonly query: readonly (readonly [name: string, value: string])[];
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Body;
  /** Query, headers and body are what the description asks for. */
  readonly fits: boolean;
}

const JSON_TYPE = 'application/json';
/** After these a user has to start again. */
const ENDS_IT = ['DELETE /v1/users/me', 'DELETE /v1/sessions/current'];

/** What a scenario begins with: something of every kind. */
export const FIRST_STEPS: readonly Step[] = [
  making('/v1/monitors', { name: 'first', url: 'https://example.com/', threshold: 1 }),
  making('/v1/channels', { kind: 'webhook', name: 'first', settings: {} }),
  making('/v1/channels', { kind: 'email', name: 'second', settings: {} }),
  making('/v1/maintenance-windows', {
    name: 'first',
    startsAt: '',
    durationSeconds: 60,
    rrule: '',
    timeZone: '',
  }),
  making('/v1/status-pages', { slug: '', title: 'first', published: true }),
  making('/v1/status-pages/{id}/messages', { title: 'first', kind: 'notice' }),
  making('/v1/api-keys', { name: 'first', scopes: ['read', 'write'] }),
];

function making(path: string, json: object): Step {
  return {
    operation: `POST ${path}`,
    method: 'POST',
    path,
    by: 'owner',
    target: { kind: 'own', index: 0 },
    query: [],
    headers: { 'content-type': JSON_TYPE },
    body: { json },
    fits: true,
  };
}

/** A step of any operation, or of none. */
export function anyStep(operations: readonly Operation[]): fc.Arbitrary<Step> {
  const steps = operations.map((operation) => ({
    weight: ENDS_IT.includes(operation.name) ? 1 : 8,
    arbitrary: stepOf(operation),
  }));
  return fc.oneof(
    { weight: 30, arbitrary: fc.oneof(...steps) },
    { weight: 1, arbitrary: strayStep(operations) },
  );
}

function stepOf(operation: Operation): fc.Arbitrary<Step> {
  return fc
    .oneof(
      { weight: 6, arbitrary: fitting(operation) },
      {
        weight: 3,
        arbitrary: fc
          .oneof(fitting(operation), spoilt(operation))
          .chain((step) => withBody(step, spoiltBody(operation))),
      },
      { weight: 1, arbitrary: spoilt(operation) },
    )
    .chain((parts) =>
      fc.record({
        operation: fc.constant(operation.name),
        method: fc.constant(operation.method),
        path: fc.constant(operation.path),
        by: by(),
        target: target(),
        query: fc.constant(parts.query),
        headers: fc.constant(parts.headers),
        body: fc.constant(parts.body),
        fits: fc.constant(parts.fits),
      }),
    );
}

type Parts = Pick<Step, 'query' | 'headers' | 'body' | 'fits'>;

function fitting({ parameters, body }: Operation): fc.Arbitrary<Parts> {
  return fc.record({
    query: parametersIn('query', parameters).map((values) => Object.entries(values)),
    headers: parametersIn('header', parameters).map((values) => ({
      ...values,
      ...(body && { 'content-type': JSON_TYPE }),
    })),
    body: body ? validValue(body).map((json) => ({ json })) : fc.constant(null),
    fits: fc.constant(true),
  });
}

/** With a query, header fields or a type of body that nobody asked for. */
function spoilt(operation: Operation): fc.Arbitrary<Parts> {
  const names = operation.parameters
    .filter((parameter) => parameter.in === 'query')
    .map(({ name }) => name);
  const name = fc.oneof(hostileText, fc.constantFrom('limit[]', 'userId', ...names));
  const query = fc.array(fc.tuple(name, hostileText), { minLength: 1, maxLength: 3 });
  const headers = fc.record(
    {
      'idempotency-key': hostileText.map(asHeader),
      'if-match': fc.oneof(fc.constantFrom('"1"', 'W/"2"', '"1", "2"'), hostileText.map(asHeader)),
      'content-type': fc.constantFrom(
        'text/plain',
        'application/x-www-form-urlencoded',
        'application/json; charset=utf-16',
        'x',
      ),
    },
    { requiredKeys: [] },
  );
  return fitting(operation).chain((parts) =>
    fc.oneof(
      query.map((more) => ({ ...parts, query: [...parts.query, ...more], fits: false })),
      headers.map((more) => ({ ...parts, headers: { ...parts.headers, ...more }, fits: false })),
    ),
  );
}

function spoiltBody({ body }: Operation): fc.Arbitrary<Body> {
  return fc.oneof(
    { weight: 5, arbitrary: (body ? nearMiss(body) : hostileValue).map((json) => ({ json })) },
    { weight: 1, arbitrary: hostileValue.map((json) => ({ json })) },
    { weight: 1, arbitrary: hostileBody.map((raw) => ({ raw })) },
  );
}

function withBody(parts: Parts, bodies: fc.Arbitrary<Body>): fc.Arbitrary<Parts> {
  return bodies.map((body) => ({
    ...parts,
    headers: { 'content-type': JSON_TYPE, ...parts.headers },
    body,
    fits: false,
  }));
}

function parametersIn(
  place: Parameter['in'],
  parameters: readonly Parameter[],
): fc.Arbitrary<Record<string, string>> {
  const here = parameters.filter((parameter) => parameter.in === place);
  const values = here.map(
    ({ name, schema }) => [name, validValue(schema).map((value) => String(value))] as const,
  );
  const requiredKeys = here.filter(({ required }) => required).map(({ name }) => name);
  return fc
    .record(Object.fromEntries(values), { requiredKeys })
    .map((given) =>
      place === 'header'
        ? Object.fromEntries(
            Object.entries(given).map(([name, value]) => [name, asHeader(value ?? '')]),
          )
        : given,
    );
}

/** What may stand in a field at all: visible ASCII. */
function asHeader(text: string): string {
  return text.replaceAll(/[^ -~]/g, '?').slice(0, 1000);
}

function by(): fc.Arbitrary<By> {
  const weigh = (weight: number, who: By) => ({ weight, arbitrary: fc.constant(who) });
  return fc.oneof(
    weigh(14, 'owner'),
    weigh(3, 'key'),
    weigh(1, 'stranger'),
    weigh(1, 'forger'),
    weigh(1, 'nobody'),
  );
}

function target(): fc.Arbitrary<Target> {
  const known = (kind: 'own' | 'foreign' | 'gone') =>
    fc.record({ kind: fc.constant(kind), index: fc.nat(9) });
  const text = fc
    .oneof(fc.uuid(), hostileText)
    .map((value) => ({ kind: 'text' as const, text: value }));
  return fc.oneof(
    { weight: 12, arbitrary: known('own') },
    { weight: 2, arbitrary: known('foreign') },
    { weight: 1, arbitrary: known('gone') },
    { weight: 1, arbitrary: text },
  );
}

/** A method that the path does not have, or a path that there is not. */
function strayStep(operations: readonly Operation[]): fc.Arbitrary<Step> {
  const path = fc.oneof(
    fc.constantFrom(...operations.map((operation) => operation.path)),
    hostileText.map((text) => `/v1/${encodeURIComponent(text.toWellFormed())}`),
    fc.constantFrom(
      '/',
      '//',
      '/v1',
      '/v1/%zz',
      '/%00',
      '/v1/monitors/',
      '/v1//monitors',
      '/v1/monitors/..%2fusers%2fme/none',
      '/metrics',
      '/.env',
    ),
  );
  const method = fc.constantFrom('GET', 'PUT', 'DELETE', 'PATCH', 'POST', 'TRACE', 'QUERY');
  const isKnown = (step: Pick<Step, 'method' | 'path'>) =>
    operations.some(
      (operation) => operation.method === step.method && operation.path === step.path,
    );
  return fc
    .record({
      operation: fc.constant(null),
      method,
      path,
      by: by(),
      target: target(),
      query: fc.constant([]),
      headers: fc.constant({}),
      body: fc.constant(null),
      fits: fc.constant(false),
    })
    .filter((step) => !isKnown(step));
}
