// The kinds of checks: one file each is the only description of its settings. Who stores, sends, shows or asks for settings takes them
// from here. How a check is done is the prober's.
export {
  CHECK_KINDS,
  CHECK_KIND_NAMES,
  DEFAULT_KIND,
  checkKind,
  hostOf,
  isCheckKind,
  type CheckKindName,
  type CheckSettings,
  type SettingsOf,
} from './all.ts';
export { defaultsOf, settingsIn, withoutDefaults } from './defaults.ts';
export { hostAndPort, isHost } from './host.ts';
export type { CheckKind, Destination, FieldFault } from './kind.ts';
export { shapeOf, storedShape } from './shape.ts';
export { isTargetUrl, isWebSocketUrl, normalizeTargetUrl } from './target-url.ts';
