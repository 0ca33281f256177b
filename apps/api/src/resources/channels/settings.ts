import {
  CHANNEL_SETTINGS,
  specOf,
  type ChannelKind,
  type ChannelSettings,
  type ConfiguredChannel,
  type SettingValues,
} from '@gomon/channels';
import type { Encryption } from '@gomon/encryption';
import { normalizeTargetUrl } from '@gomon/checks';
import type { Network } from '@gomon/egress';
import { invalid, type Fault } from '../../problem.ts';
import { targetFault } from '../monitors/target-policy.ts';

type Settings = ChannelSettings['settings'];

export interface ChannelSettingsReader {
  /** The settings of a channel to be, encrypted. Throws `validation_failed` with every fault. */
  complete(
    channel: { readonly id: string; readonly kind: ChannelKind },
    given: SettingValues,
  ): Promise<Settings>;
  /** The stored settings, changed by those given, without those that are null, encrypted. Throws `validation_failed` with every fault. */
  patch(stored: ConfiguredChannel, changes: SettingValues): Promise<Settings>;
}

export function createChannelSettingsReader(
  encryption: Encryption,
  allowedNetworks: readonly Network[],
): ChannelSettingsReader {
  const encrypted = async (
    id: string,
    kind: ChannelKind,
    given: SettingValues,
  ): Promise<SettingValues> => {
    const { addresses, secrets } = specOf(kind);
    const entries = Object.entries(given).map(async ([name, value]) => {
      const text = addresses.includes(name) ? normalizeTargetUrl(String(value)) : value;
      return [name, secrets.includes(name) ? await encryption.encrypt(String(text), id) : text];
    });
    return Object.fromEntries(await Promise.all(entries)) as SettingValues;
  };
  return {
    complete: async ({ id, kind }, given) => {
      refuse([
        ...kindFaults(kind, given),
        ...missingFaults(kind, given),
        ...valueFaults(kind, given, allowedNetworks),
      ]);
      return (await encrypted(id, kind, given)) as Settings;
    },
    patch: async ({ id, kind, settings }, changes) => {
      const given = Object.fromEntries(
        Object.entries(changes).filter(([, value]) => value !== null),
      );
      refuse([...kindFaults(kind, changes), ...valueFaults(kind, given, allowedNetworks)]);
      const left = Object.entries(shownValues(kind, settings)).filter(
        ([name]) => changes[name] !== null,
      );
      const kept = specOf(kind).keep?.(settings, changes, Date.now());
      return {
        ...Object.fromEntries(left),
        ...(await encrypted(id, kind, given)),
        ...kept,
      } as Settings;
    },
  };
}

/** Settings that GoMon chooses for a new channel, because its owner left them out. */
export function generatedSettings(kind: ChannelKind, given: SettingValues): SettingValues {
  return specOf(kind).generate?.(given) ?? {};
}

/** What may be shown of settings: that there are secrets, but not which. */
export function shownSettings({ kind, settings }: ChannelSettings): Record<string, unknown> {
  const { secrets } = specOf(kind);
  const values = Object.entries(shownValues(kind, settings));
  return Object.fromEntries(
    values.map(([name, value]) => [name, secrets.includes(name) ? null : value]),
  );
}

/** Without what is kept beside the settings. */
function shownValues(kind: ChannelKind, settings: SettingValues): SettingValues {
  const { kept } = specOf(kind);
  return Object.fromEntries(
    Object.entries(settings).filter(([name]) => !(kept && name in kept.properties)),
  );
}

function refuse(faults: readonly Fault[]): void {
  if (faults.length > 0) throw invalid(faults);
}

const pointerTo = (name: string) => `/settings/${name}`;

function kindFaults(kind: ChannelKind, given: SettingValues): Fault[] {
  const unknown = Object.keys(given).filter((name) => !(name in specOf(kind).settings.properties));
  return unknown.map((name) => ({
    pointer: pointerTo(name),
    message: `is no setting of a channel by ${kind}`,
  }));
}

function missingFaults(kind: ChannelKind, given: SettingValues): Fault[] {
  const missing = (specOf(kind).settings.required ?? []).filter(
    (name) => given[name] === undefined,
  );
  return missing.map((name) => ({ pointer: pointerTo(name), message: 'must be given' }));
}

function valueFaults(
  kind: ChannelKind,
  given: SettingValues,
  allowedNetworks: readonly Network[],
): Fault[] {
  const addresses = CHANNEL_SETTINGS.filter(({ isAddress }) => isAddress).flatMap(
    ({ name }): Fault[] => {
      const address = given[name];
      const message =
        typeof address === 'string'
          ? targetFault(address, allowedNetworks, 'NOTIFICATION_ALLOWED_NETWORKS')
          : null;
      return message === null
        ? []
        : [{ pointer: pointerTo(name), message, code: 'target_not_allowed' }];
    },
  );
  const others = specOf(kind).faults?.(given) ?? [];
  return [
    ...addresses,
    ...others.map(({ setting, message }) => ({ pointer: pointerTo(setting), message })),
  ];
}
