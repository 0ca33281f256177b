// What a kind of channel is: one file for each, and the map of them in all.ts. No input or output.
export {
  CHANNEL_KINDS,
  recipientsOf,
  specOf,
  type ChannelKind,
  type ChannelSettings,
  type ConfiguredChannel,
  type SettingsOf,
} from './all.ts';
export { CHANNEL_SETTINGS, type ChannelSetting } from './channel-settings.ts';
export type { ChannelKindSpec, SettingFault, SettingValues } from './kind.ts';
export type { JsonTemplate } from './webhook.ts';
