import { DEFAULT_KIND, settingsIn } from '@gomon/checks';
import {
  defaultTimeoutMs,
  largestThreshold,
  NEVER_ALERTS,
  MONITOR_DEFAULTS,
  type Monitor,
  type MonitorSettings,
} from '@gomon/domain';
import type { Encryption } from '@gomon/encryption';
import type { Network } from '@gomon/egress';
import { missingChannels, type Queryable } from '@gomon/persistence';
import { invalid, type Fault } from '../../problem.ts';
import type { MonitorPatchBody, NewMonitorBody } from './bodies.ts';
import { fieldsOfOtherKinds } from './kind-fields.ts';
import { formatFaults, readKindSettings, type GivenSettings } from './kind-settings.ts';
import { uniqueIds } from '../../http/uuid.ts';

type Owner = Pick<Monitor, 'id' | 'ownerId'>;

export interface SettingsReader {
  /** The settings of a monitor to be. Throws `validation_failed` with every fault. */
  complete(db: Queryable, owner: Owner, body: NewMonitorBody): Promise<MonitorSettings>;
  /** The settings of a monitor as a patch makes them. Throws `validation_failed` with every fault. */
  patch(db: Queryable, stored: Monitor, body: MonitorPatchBody): Promise<MonitorSettings>;
}

/** Reads settings that the schema has let pass: what remains to be seen is whether they are allowed and fit each other. */
export function createSettingsReader(
  encryption: Encryption,
  allowedNetworks: readonly Network[],
): SettingsReader {
  const read = async (
    db: Queryable,
    owner: Owner,
    settings: MonitorSettings,
    { check, hasNewRule }: Given,
  ) => {
    const missing = await missingChannels(db, owner.ownerId, settings.channelIds);
    const faults = [
      ...check.targetFaults,
      ...timeoutFaults(settings),
      ...(hasNewRule ? thresholdFaults(settings) : []),
      ...check.faults,
      ...channelFaults(settings, missing),
      ...check.secretFaults,
    ];
    if (faults.length > 0) throw invalid(faults);
    const encrypted = await check.encrypted(encryption, owner.id);
    return { ...settings, settings: encrypted, channelIds: uniqueIds(settings.channelIds) };
  };
  return {
    complete: (db, owner, { kind = DEFAULT_KIND, timeoutMs, ...body }) => {
      const check = readKindSettings(kind, body, null, allowedNetworks);
      const common = {
        ...MONITOR_DEFAULTS,
        ...withoutSettings(kind, body),
        kind,
        settings: check.settings,
      };
      return read(db, owner, withTimeout(common, timeoutMs ?? null), { check, hasNewRule: true });
    },
    patch: async (db, stored, { kind, timeoutMs, ...body }) => {
      const wrong = [...kindFaults(stored, kind, body), ...formatFaults(stored.kind, body)];
      if (wrong.length > 0) throw invalid(wrong);
      const check = readKindSettings(stored.kind, body, stored.settings, allowedNetworks);
      const kept = stored.timeoutChosen ? stored.timeoutMs : null;
      const common = { ...stored, ...withoutSettings(stored.kind, body), settings: check.settings };
      const settings = withTimeout(common, timeoutMs === undefined ? kept : timeoutMs);
      return read(db, stored, settings, {
        check,
        hasNewRule: RULE.some((name) => settings[name] !== stored[name]),
      });
    },
  };
}

interface Given {
  readonly check: GivenSettings;
  /** Of a rule that has long been there, nobody wants to hear when they change a name. */
  readonly hasNewRule: boolean;
}

function withoutSettings<Body extends object>(kind: string, body: Body): Body {
  const settings = settingsIn(kind, body);
  return Object.fromEntries(Object.entries(body).filter(([name]) => !(name in settings))) as Body;
}

/** Another kind would be another monitor. */
function kindFaults(stored: Monitor, kind: string | undefined, body: object): Fault[] {
  if (kind !== undefined && kind !== stored.kind) {
    return [{ pointer: '/kind', message: `cannot be changed: it is ${stored.kind}` }];
  }
  const strange = fieldsOfOtherKinds(stored.kind).filter((name) => name in body);
  return strange.map((name) => ({
    pointer: `/${name}`,
    message: `is not known to a check of kind ${stored.kind}`,
  }));
}

/** Which decide together whether there can be an alert. */
const RULE = ['threshold', 'windowSeconds', 'intervalSeconds'] as const;

/** Null for none that the user chose. */
function withTimeout<Settings extends Pick<MonitorSettings, 'intervalSeconds'>>(
  settings: Settings,
  chosenMs: number | null,
) {
  return {
    ...settings,
    timeoutChosen: chosenMs !== null,
    timeoutMs: chosenMs ?? defaultTimeoutMs(settings.intervalSeconds),
  };
}

/** For a rule that no number of failures can fulfil. */
export function thresholdFaults(rule: Pick<MonitorSettings, (typeof RULE)[number]>): Fault[] {
  const largest = largestThreshold(rule);
  if (rule.threshold <= largest || rule.threshold === NEVER_ALERTS) return [];
  const message = `can never be exceeded: with a check every ${rule.intervalSeconds} s and a window of ${rule.windowSeconds} s it must be at most ${largest}`;
  return [{ pointer: '/threshold', message, code: 'threshold_unreachable', largest }];
}

function timeoutFaults({ intervalSeconds, timeoutMs }: MonitorSettings): Fault[] {
  if (timeoutMs < intervalSeconds * 1000) return [];
  return [
    {
      pointer: '/timeoutMs',
      message: `must be less than the interval, ${intervalSeconds * 1000} ms`,
    },
  ];
}

function channelFaults({ channelIds }: MonitorSettings, missing: ReadonlySet<string>): Fault[] {
  return channelIds.flatMap((id, index) =>
    missing.has(id)
      ? [{ pointer: `/channelIds/${index}`, message: 'is none of your channels' }]
      : [],
  );
}
