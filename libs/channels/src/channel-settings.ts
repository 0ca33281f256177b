import type { TSchema } from 'typebox';
import { CHANNEL_KINDS, specOf, type ChannelKind } from './all.ts';

/** A setting under one name, which means the same to all kinds that have it. */
export interface ChannelSetting {
  readonly name: string;
  readonly kinds: readonly ChannelKind[];
  readonly schema: TSchema;
  /** Whether a channel may be without it. */
  readonly isOptional: boolean;
  readonly isSecret: boolean;
  readonly isAddress: boolean;
}

/** The settings of all kinds together. */
export const CHANNEL_SETTINGS: readonly ChannelSetting[] = [
  ...Map.groupBy(CHANNEL_KINDS.flatMap(settingsOfKind), ({ name }) => name),
].map(([, same]) => ({
  ...(same[0] as ChannelSetting),
  kinds: same.flatMap(({ kinds }) => kinds),
}));

function settingsOfKind(kind: ChannelKind): ChannelSetting[] {
  const { settings, secrets, addresses } = specOf(kind);
  return Object.entries(settings.properties).map(([name, schema]) => ({
    name,
    kinds: [kind],
    schema,
    isOptional: !settings.required?.includes(name),
    isSecret: secrets.includes(name),
    isAddress: addresses.includes(name),
  }));
}
