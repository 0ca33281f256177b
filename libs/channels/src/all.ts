import type { Channel } from '@gomon/domain';
import type { Static, TObject } from 'typebox';
import { discord } from './discord.ts';
import { email } from './email.ts';
import type { ChannelKindSpec } from './kind.ts';
import { msteams } from './msteams.ts';
import { ntfy } from './ntfy.ts';
import { pagerduty } from './pagerduty.ts';
import { slack } from './slack.ts';
import { telegram } from './telegram.ts';
import { webhook } from './webhook.ts';

/** Where notifications can go. */
const KINDS = { webhook, email, slack, discord, msteams, telegram, pagerduty, ntfy };

export type ChannelKind = keyof typeof KINDS;

export const CHANNEL_KINDS = Object.keys(KINDS) as readonly ChannelKind[];

type KeptOf<Spec> = Spec extends { readonly kept?: infer Kept extends TObject }
  ? Static<Kept>
  : unknown;

/** The settings of a channel of this kind, with what GoMon keeps beside them. */
export type SettingsOf<Kind extends ChannelKind> = Static<(typeof KINDS)[Kind]['settings']> &
  KeptOf<(typeof KINDS)[Kind]>;

/** Settings with the kind that they are of. */
export type ChannelSettings = {
  [Kind in ChannelKind]: { readonly kind: Kind; readonly settings: SettingsOf<Kind> };
}[ChannelKind];

/** A channel, which by its `kind` has the settings of that. */
export type ConfiguredChannel = Omit<Channel, 'kind' | 'settings'> & ChannelSettings;

/** The kind apart from the types of its settings. */
export function specOf(kind: ChannelKind): ChannelKindSpec {
  return KINDS[kind];
}

const NOBODY: readonly string[] = [];

/** The mail addresses of the settings; none for kinds that mail nothing. */
export function recipientsOf(kind: ChannelKind, settings: object): readonly string[] {
  const { to = NOBODY } = settings as { readonly to?: readonly string[] };
  return specOf(kind).hasRecipients ? to : NOBODY;
}
