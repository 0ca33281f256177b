import { randomBytes } from 'node:crypto';
import { CHANNEL_FIELDS, SECRET_SETTINGS, type Channel, type ChannelKind, type ChannelSettings } from '@gomon/domain';
import type { Encryption } from '@gomon/encryption';
import type { Network } from '@gomon/egress';
import { invalid, type Fault } from '../../problem.ts';
import type { GivenSettings, SettingChanges } from './schemas.ts';
import { targetFault } from '../monitors/target-policy.ts';
import { normalizeTargetUrl } from '../monitors/target-url.ts';

const MAX_TEMPLATE_LENGTH = 4000;
const OLD_SECRET_DAYS = 1;
const SECRET_BYTES = 32;

export interface ChannelSettingsReader {
  /** The settings of a channel to be, encrypted. Throws `validation_failed` with every fault. */
  complete(channel: Pick<Channel, 'id' | 'kind'>, given: GivenSettings): Promise<ChannelSettings>;
  /** The stored settings, changed by those given, without those that are null, encrypted. Throws `validation_failed` with every fault. */
  patch(stored: Channel, changes: SettingChanges): Promise<ChannelSettings>;
}

export function createChannelSettingsReader(encryption: Encryption, allowedNetworks: readonly Network[]): ChannelSettingsReader {
  const encrypted = async (id: string, given: GivenSettings): Promise<ChannelSettings> => {
    const secrets = SECRET_SETTINGS.flatMap((name) => {
      const plain = name === 'previousSecret' ? undefined : given[name];
      if (plain === undefined) return [];
      return [
        encryption.encrypt(name === 'webhookUrl' ? normalizeTargetUrl(plain) : plain, id).then((text) => [name, text] as const),
      ];
    });
    return {
      ...given,
      ...(given.url !== undefined && { url: normalizeTargetUrl(given.url) }),
      ...Object.fromEntries(await Promise.all(secrets)),
    };
  };
  return {
    complete: async ({ id, kind }, given) => {
      refuse([...kindFaults(kind, given), ...missingFaults(kind, given), ...valueFaults(given, allowedNetworks)]);
      return encrypted(id, given);
    },
    patch: async ({ id, kind, settings }, changes) => {
      const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== null)) as GivenSettings;
      refuse([...kindFaults(kind, changes), ...valueFaults(given, allowedNetworks)]);
      return { ...withoutCleared(settings, changes), ...(await encrypted(id, given)), ...keptSecret(settings, given) };
    },
  };
}

/** A new secret of a webhook, as Standard Webhooks writes them. */
export function generateWebhookSecret(): string {
  return `whsec_${randomBytes(SECRET_BYTES).toString('base64')}`;
}

/** What may be shown of settings: that there are secrets, but not which. */
export function shownSettings(settings: ChannelSettings): Record<string, unknown> {
  const secrets = new Set<string>(SECRET_SETTINGS);
  const given = Object.entries(settings).filter(([name]) => !name.startsWith('previousSecret'));
  return Object.fromEntries(given.map(([name, value]): [string, unknown] => [name, secrets.has(name) ? null : value]));
}

/** With a secret that is taken away the one before it goes, too. */
function withoutCleared({ previousSecret, previousSecretUntil, ...settings }: ChannelSettings, changes: SettingChanges) {
  const kept = Object.entries(settings).filter(([name]) => changes[name as keyof SettingChanges] !== null);
  return {
    ...Object.fromEntries(kept),
    ...(changes.secret !== null && previousSecret && { previousSecret, previousSecretUntil }),
  };
}

/** The receiver may know the old secret only, for a while. */
function keptSecret({ secret }: ChannelSettings, given: GivenSettings): ChannelSettings {
  if (given.secret === undefined || secret === undefined) return {};
  return { previousSecret: secret, previousSecretUntil: new Date(Date.now() + OLD_SECRET_DAYS * 86_400_000).toISOString() };
}

function refuse(faults: readonly Fault[]): void {
  if (faults.length > 0) throw invalid(faults);
}

function kindFaults(kind: ChannelKind, given: SettingChanges): Fault[] {
  const { required, optional } = CHANNEL_FIELDS[kind];
  const known = new Set<string>([...required, ...optional]);
  return Object.keys(given).flatMap((name) =>
    known.has(name) ? [] : [{ pointer: `/settings/${name}`, message: `is no setting of a channel by ${kind}` }],
  );
}

function missingFaults(kind: ChannelKind, given: GivenSettings): Fault[] {
  return CHANNEL_FIELDS[kind].required.flatMap((name) =>
    given[name] === undefined ? [{ pointer: `/settings/${name}`, message: 'must be given' }] : [],
  );
}

function valueFaults({ url, webhookUrl, template }: GivenSettings, allowedNetworks: readonly Network[]): Fault[] {
  const addresses = Object.entries({ url, webhookUrl }).flatMap(([name, text]) => {
    const message = text === undefined ? null : targetFault(text, allowedNetworks);
    return message === null ? [] : [{ pointer: `/settings/${name}`, message, code: 'target_not_allowed' as const }];
  });
  const isTooLong = template !== undefined && JSON.stringify(template).length > MAX_TEMPLATE_LENGTH;
  const tooLong = { pointer: '/settings/template', message: `must not be longer than ${MAX_TEMPLATE_LENGTH} characters as JSON` };
  return [...addresses, ...(isTooLong ? [tooLong] : [])];
}
