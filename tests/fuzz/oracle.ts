import type { Description, Operation } from './description.ts';
import type { Answer, Sent } from './exchange.ts';

const PROBLEM = 'application/problem+json';
/** What an address or a method that there is not may be answered with. */
const STRAY_STATUSES = [400, 401, 404, 405, 413, 415];
/** Where what fits the description may be refused all the same: rules that no schema says. */
const RULES_OF_ITS_OWN =
  /^\/(threshold|timeoutMs|bodyContains|channelIds|headers|url|host|port|password|expiresAt|cursor|from|groups|endsAt|startsAt|rrule|timeZone|monitorId|settings|idempotency-key)(\/|$)/;
const INTERNALS = /prisma|postgres|node_modules|invocation|relation "|password_hash|at \S+ \(/i;

/** Everything that is wrong with an answer, by what the description promises and by what must never be. */
export function judge(description: Description, sent: Sent, answer: Answer): string[] {
  const operation = description.operations.find(({ name }) => name === sent.step.operation) ?? null;
  return [
    ...(answer.status >= 500 ? [`the API failed: ${answer.text.slice(0, 300)}`] : []),
    ...formFaults(description, operation, answer),
    ...headerFaults(answer),
    ...(answer.status >= 400 ? problemFaults(answer) : accessFaults(description, operation, sent)),
    ...(answer.status === 400 ? refusalFaults(sent, answer) : []),
  ];
}

function formFaults(
  description: Description,
  operation: Operation | null,
  answer: Answer,
): string[] {
  if (!operation)
    return STRAY_STATUSES.includes(answer.status) ? [] : [`${answer.status} to an unknown route`];
  const declared = operation.responses[answer.status];
  if (!declared) return [`${answer.status} is not declared: ${answer.text.slice(0, 300)}`];
  if (!declared.content) return answer.text === '' ? [] : ['a body where none is declared'];
  const media = String(answer.headers['content-type']).split(';')[0] ?? '';
  const schema = declared.content[media]?.schema;
  if (!schema) return [`${media} is not declared for ${answer.status}`];
  const validate = description.compile(schema);
  return validate(JSON.parse(answer.text))
    ? []
    : [`the answer does not fit its schema: ${JSON.stringify(validate.errors)}`];
}

function headerFaults({ status, headers }: Answer): string[] {
  const needed: Record<string, boolean> = {
    'cache-control': true,
    'x-content-type-options': true,
    'www-authenticate': status === 401,
    'retry-after': status === 429,
    allow: status === 405,
  };
  return Object.keys(needed).flatMap((name) =>
    needed[name] && !headers[name] ? [`${name} is missing`] : [],
  );
}

interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly errors?: { readonly pointer: string }[];
}

function problemFaults({ status, headers, text }: Answer): string[] {
  if (!String(headers['content-type']).startsWith(PROBLEM))
    return [`${String(headers['content-type'])} is no problem`];
  const problem = JSON.parse(text) as Problem;
  return [
    ...(problem.status === status && problem.type === `urn:gomon:${problem.code}`
      ? []
      : ['the problem is of another kind']),
    ...(problem.code !== 'validation_failed' || problem.errors?.length
      ? []
      : ['no fault is named']),
    ...(INTERNALS.test(problem.title + problem.detail)
      ? [`internals are shown: ${problem.detail}`]
      : []),
  ];
}

/** Of an answer that grants what was asked for. */
function accessFaults(
  description: Description,
  operation: Operation | null,
  { step, names, isLive }: Sent,
): string[] {
  const breaksSchema =
    operation?.body &&
    step.body &&
    'json' in step.body &&
    !description.compile(operation.body)(step.body.json);
  return [
    ...(operation && !operation.isPublic && !isLive ? ['it was granted to nobody'] : []),
    ...(names === 'not theirs' ? ['it was granted on what is not theirs'] : []),
    ...(breaksSchema ? ['a body was accepted that the description forbids'] : []),
  ];
}

/** Of an answer that says that the request is not valid. */
function refusalFaults({ step }: Sent, { text }: Answer): string[] {
  if (!step.fits) return [];
  const { errors = [] } = JSON.parse(text) as Problem;
  const unsaid = errors.filter(({ pointer }) => !RULES_OF_ITS_OWN.test(pointer));
  return unsaid.length === 0 && errors.length > 0
    ? []
    : [`what the description asks for was refused: ${text.slice(0, 300)}`];
}
