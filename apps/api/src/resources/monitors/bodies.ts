import { INTERVALS_SECONDS, MONITOR_DEFAULTS, PROBE_METHODS } from '@gomon/domain';
import Type, { type Static, type TProperties } from 'typebox';
import { Id, oneOf, record } from '../../schemas/fields.ts';

export type NewMonitorBody = Static<ReturnType<typeof monitorBodies>['NewMonitor']>;
export type DryRunBody = Static<ReturnType<typeof monitorBodies>['DryRun']>;
export type MonitorPatchBody = Static<ReturnType<typeof monitorBodies>['MonitorPatch']>;

const REDIRECTED =
  'A redirect to another origin does not get credentials, which are the fields whose names have auth, bearer, cert, cookie, credential, ' +
  'hmac, jwt, key, otp, pass, pwd, secret, session, sign or token in them, or end in sid, pin or pw. It gets all others.';

/** What a monitor is made from and changed by, and its rule alone, on a service with this shortest interval. */
export function monitorBodies(minIntervalSeconds: number) {
  const settings = settingsOf(minIntervalSeconds);
  const { name, url, threshold, ...optional } = settings;
  const { method, expectedStatus, bodyContains, maxBodyBytes, followRedirects, timeoutMs } = settings;
  return {
    DryRun: record({
      url,
      ...withDefaults({ method, expectedStatus, bodyContains, maxBodyBytes, followRedirects }),
      timeoutMs: Type.Optional({ ...timeoutMs, description: undefined, default: 10_000 }),
      headers: Type.Optional(headersOf<string>('string', `Sent with the probe. ${REDIRECTED}`)),
    }),
    rule: { threshold, windowSeconds: settings.windowSeconds },
    NewMonitor: record({
      name,
      url,
      threshold,
      ...withDefaults(optional),
      headers: Type.Optional(headersOf<string>('string', `Values are write-only. ${REDIRECTED}`)),
    }),
    MonitorPatch: record({
      ...Type.Partial(record(settings)).properties,
      timeoutMs: Type.Optional(
        Type.Unsafe<number | null>({
          ...settings.timeoutMs,
          type: ['integer', 'null'],
          description: 'Less than the interval; null for the default again, which follows the interval.',
        }),
      ),
      headers: Type.Optional(
        headersOf<string | null>(
          ['string', 'null'],
          `Null keeps the value of that name; names left out are removed. ${REDIRECTED}`,
        ),
      ),
    }),
  };
}

function settingsOf(minIntervalSeconds: number) {
  return {
    name: Type.String({
      minLength: 1,
      maxLength: 100,
      format: 'name',
      description: 'Unique among your monitors.',
      examples: ['Home page'],
    }),
    url: Type.String({ maxLength: 2048, format: 'target-url', examples: ['https://example.com/'] }),
    threshold: Type.Integer({
      minimum: 0,
      maximum: 10_000,
      description:
        'An alert opens when the failures in the window are more than this. It must be less than the checks that fall into the window: at most (windowSeconds - 1) / intervalSeconds, rounded down. 1000 is taken as well: where the window cannot hold so many, the monitor never alerts and its checks are only counted.',
    }),
    intervalSeconds: Type.Unsafe<number>({
      type: 'integer',
      enum: INTERVALS_SECONDS.filter((seconds) => seconds >= minIntervalSeconds),
    }),
    timeoutMs: Type.Integer({
      minimum: 100,
      maximum: 60_000,
      description: 'Less than the interval. By default the lesser of 10000 and 80 % of the interval, also when that changes.',
    }),
    windowSeconds: Type.Integer({ minimum: minIntervalSeconds < 10 ? 5 : 60, maximum: 3600 }),
    method: oneOf(PROBE_METHODS),
    expectedStatus: Type.Array(Type.String({ format: 'status-expectation' }), {
      minItems: 1,
      maxItems: 20,
      description: 'Codes or ranges such as "200-299"; any other final status is a failure.',
    }),
    bodyContains: Type.Unsafe<string | null>({
      type: ['string', 'null'],
      minLength: 1,
      maxLength: 1000,
      format: 'text',
      description: 'Text that the body must hold; not with HEAD.',
    }),
    maxBodyBytes: Type.Integer({
      minimum: 1024,
      maximum: 10_485_760,
      description:
        'How many bytes of a body are searched for `bodyContains`, and how many of what a compressed one decodes to. ' +
        'When the text is not among them and there are more, the check fails with the cause `body_limit`.',
    }),
    followRedirects: Type.Boolean({ description: 'Ten at most. Cookies that they set are kept within the check.' }),
    paused: Type.Boolean(),
    tags: Type.Array(Type.String({ minLength: 1, maxLength: 40, format: 'name' }), {
      maxItems: 20,
      uniqueItems: true,
      description: 'Words to find it by.',
    }),
    channelIds: Type.Array(Id, { maxItems: 20, uniqueItems: true, description: 'The channels that are told of alerts.' }),
  };
}

/** The properties as optional ones, with what stands in for them when they are not given. */
function withDefaults<Properties extends TProperties>(properties: Properties) {
  const defaults: Record<string, unknown> = MONITOR_DEFAULTS;
  const described = Object.entries(properties).map(([name, schema]) => [
    name,
    name in defaults ? { ...schema, default: defaults[name] } : schema,
  ]);
  return Type.Partial(record(Object.fromEntries(described) as Properties)).properties;
}

function headersOf<Value>(type: string | string[], description: string) {
  return Type.Unsafe<Record<string, Value>>({
    type: 'object',
    maxProperties: 20,
    propertyNames: { format: 'header-name', maxLength: 256 },
    additionalProperties: { type, maxLength: 4096, format: 'header-value' },
    description,
  });
}
