import { DEFAULT_KIND } from '@gomon/checks';
import { INTERVALS_SECONDS, MONITOR_DEFAULTS } from '@gomon/domain';
import Type, { type Static, type TProperties } from 'typebox';
import { Id, record } from '../../schemas/fields.ts';
import { changedFields, fieldsOfAllKinds, kindField, newFields } from './kind-fields.ts';

// What the types say; the fields of the kind are beside it.
export type NewMonitorBody = Static<ReturnType<typeof monitorBodies>['NewMonitor']>;
export type DryRunBody = Static<ReturnType<typeof monitorBodies>['DryRun']>;
export type MonitorPatchBody = Static<ReturnType<typeof monitorBodies>['MonitorPatch']>;

/** What a monitor is made from and changed by, and its rule alone, on a service with this shortest interval. */
export function monitorBodies(minIntervalSeconds: number) {
  const settings = settingsOf(minIntervalSeconds);
  const { name, threshold, ...optional } = settings;
  const kind = Type.Optional(
    kindField({ default: DEFAULT_KIND, description: 'What sort of check; never changed later.' }),
  );
  const common = {
    DryRun: {
      kind,
      timeoutMs: Type.Optional({ ...settings.timeoutMs, description: undefined, default: 10_000 }),
    },
    NewMonitor: { name, kind, threshold, ...withDefaults(optional) },
  };
  return {
    rule: { threshold, windowSeconds: settings.windowSeconds },
    /** Without the fields of a kind. */
    common,
    DryRun: record({ ...common.DryRun, ...fieldsOfAllKinds(newFields) }),
    NewMonitor: record({ ...common.NewMonitor, ...fieldsOfAllKinds(newFields) }),
    MonitorPatch: record({
      ...Type.Partial(record(settings)).properties,
      kind: Type.Optional(
        kindField({ description: 'Cannot be changed: only the kind that the monitor has.' }),
      ),
      timeoutMs: Type.Optional(
        Type.Unsafe<number | null>({
          ...settings.timeoutMs,
          type: ['integer', 'null'],
          description:
            'Less than the interval; null for the default again, which follows the interval.',
        }),
      ),
      ...fieldsOfAllKinds(changedFields),
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
    threshold: Type.Integer({
      minimum: 0,
      maximum: 10_000,
      description:
        'An alert opens when the failures in the window are more than this. It must be less than the checks that fall into the window: at most (windowSeconds - 1) / intervalSeconds, rounded down. 1000 is always accepted: if the window cannot hold that many checks, the monitor never alerts and only counts.',
    }),
    intervalSeconds: Type.Unsafe<number>({
      type: 'integer',
      enum: INTERVALS_SECONDS.filter((seconds) => seconds >= minIntervalSeconds),
    }),
    timeoutMs: Type.Integer({
      minimum: 100,
      maximum: 60_000,
      description:
        'Less than the interval. By default the lesser of 10000 and 80 % of the interval, also when that changes.',
    }),
    windowSeconds: Type.Integer({ minimum: minIntervalSeconds < 10 ? 5 : 60, maximum: 3600 }),
    paused: Type.Boolean(),
    tags: Type.Array(Type.String({ minLength: 1, maxLength: 40, format: 'name' }), {
      maxItems: 20,
      uniqueItems: true,
      description: 'Words to find it by.',
    }),
    channelIds: Type.Array(Id, {
      maxItems: 20,
      uniqueItems: true,
      description: 'The channels to notify of alerts.',
    }),
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
