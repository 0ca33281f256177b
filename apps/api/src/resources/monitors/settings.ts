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
import { headerFaults, encryptHeaders, type GivenHeaders, type EncryptedHeaders } from './header-fields.ts';
import { invalid, type Fault } from '../../problem.ts';
import type { MonitorPatchBody, NewMonitorBody } from './bodies.ts';
import { targetFault } from './target-policy.ts';
import { normalizeTargetUrl } from './target-url.ts';
import { uniqueIds } from '../../http/uuid.ts';

type Owner = Pick<Monitor, 'id' | 'userId'>;

export interface SettingsReader {
  /** The settings of a monitor to be. Throws `validation_failed` with every fault. */
  complete(db: Queryable, owner: Owner, body: NewMonitorBody): Promise<MonitorSettings>;
  /** The settings of a monitor as a patch makes them. Throws `validation_failed` with every fault. */
  patch(db: Queryable, stored: Monitor, body: MonitorPatchBody): Promise<MonitorSettings>;
}

/** Reads settings that the schema has let pass: what remains to be seen is whether they are allowed and fit each other. */
export function createSettingsReader(encryption: Encryption, allowedNetworks: readonly Network[]): SettingsReader {
  const read = async (db: Queryable, owner: Owner, settings: MonitorSettings, given: Given) => {
    const missing = await missingChannels(db, owner.userId, settings.channelIds);
    const faults = [
      ...targetFaults(given.url, allowedNetworks),
      ...timeoutFaults(settings),
      ...(given.hasNewRule ? thresholdFaults(settings) : []),
      ...bodyFaults(settings),
      ...channelFaults(settings, missing),
      ...headerFaults(given.headers, settings.headers),
    ];
    if (faults.length > 0) throw invalid(faults);
    const headers = await encryptHeaders(encryption, owner.id, given.headers, settings.headers);
    return { ...settings, url: normalizeTargetUrl(settings.url), channelIds: uniqueIds(settings.channelIds), headers };
  };
  return {
    complete: (db, owner, { headers = {}, timeoutMs, ...body }) => {
      const settings = withTimeout({ ...MONITOR_DEFAULTS, ...body }, timeoutMs ?? null);
      return read(db, owner, settings, { headers, url: body.url, hasNewRule: true });
    },
    patch: (db, stored, { headers = keepAll(stored.headers), timeoutMs, ...body }) => {
      const kept = stored.timeoutChosen ? stored.timeoutMs : null;
      const settings = withTimeout({ ...stored, ...body }, timeoutMs === undefined ? kept : timeoutMs);
      const hasNewRule = RULE.some((name) => settings[name] !== stored[name]);
      return read(db, stored, settings, { headers, hasNewRule, ...(body.url !== undefined && { url: body.url }) });
    },
  };
}

interface Given {
  readonly headers: GivenHeaders;
  readonly url?: string;
  /** Of a rule that has long been there, nobody wants to hear when they change a name. */
  readonly hasNewRule: boolean;
}

/** Which decide together whether there can be an alert. */
const RULE = ['threshold', 'windowSeconds', 'intervalSeconds'] as const;

/** Null for none that the user chose. */
function withTimeout<Settings extends Pick<MonitorSettings, 'intervalSeconds'>>(settings: Settings, chosenMs: number | null) {
  return { ...settings, timeoutChosen: chosenMs !== null, timeoutMs: chosenMs ?? defaultTimeoutMs(settings.intervalSeconds) };
}

/** For a rule that no number of failures can fulfil. */
export function thresholdFaults(rule: Pick<MonitorSettings, (typeof RULE)[number]>): Fault[] {
  const largest = largestThreshold(rule);
  if (rule.threshold <= largest || rule.threshold === NEVER_ALERTS) return [];
  const message = `can never be exceeded: with a check every ${rule.intervalSeconds} s and a window of ${rule.windowSeconds} s it must be at most ${largest}`;
  return [{ pointer: '/threshold', message, code: 'threshold_unreachable', largest }];
}

/** A stored URL stays, whatever is allowed now: the prober judges it anyway. */
export function targetFaults(givenUrl: string | undefined, allowedNetworks: readonly Network[]): Fault[] {
  const message = givenUrl === undefined ? null : targetFault(givenUrl, allowedNetworks);
  return message === null ? [] : [{ pointer: '/url', message, code: 'target_not_allowed' }];
}

function timeoutFaults({ intervalSeconds, timeoutMs }: MonitorSettings): Fault[] {
  if (timeoutMs < intervalSeconds * 1000) return [];
  return [{ pointer: '/timeoutMs', message: `must be less than the interval, ${intervalSeconds * 1000} ms` }];
}

export function bodyFaults({ method, bodyContains }: Pick<MonitorSettings, 'method' | 'bodyContains'>): Fault[] {
  if (method !== 'HEAD' || bodyContains === null) return [];
  return [{ pointer: '/bodyContains', message: 'cannot be found with HEAD, which brings no body' }];
}

function channelFaults({ channelIds }: MonitorSettings, missing: ReadonlySet<string>): Fault[] {
  return channelIds.flatMap((id, index) =>
    missing.has(id) ? [{ pointer: `/channelIds/${index}`, message: 'is none of your channels' }] : [],
  );
}

function keepAll(headers: EncryptedHeaders): GivenHeaders {
  return Object.fromEntries(Object.keys(headers).map((name) => [name, null]));
}
