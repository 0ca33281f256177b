import type { Static, TObject } from 'typebox';

/** Settings by name, of whatever kind. */
export type SettingValues = Readonly<Record<string, unknown>>;

/** The value of this one is not valid by a rule that the schema cannot say. */
export interface SettingFault {
  readonly setting: string;
  readonly message: string;
}

/** What GoMon knows of a kind of channel; how it sends is in the scheduler. */
export interface ChannelKindSpec<
  Settings extends TObject = TObject,
  Kept extends TObject = TObject,
> {
  /** What an owner sets: the only description of it. Descriptions say what the setting means for this kind, not its name. */
  readonly settings: Settings;
  /** What GoMon keeps beside them. Never shown. */
  readonly kept?: Kept;
  /** Texts that are encrypted at rest and never shown: they allow anyone to send in the owner's name. All others are shown. */
  readonly secrets: readonly Extract<keyof (Static<Settings> & Static<Kept>), string>[];
  /** Settings that are URLs to which GoMon sends: they must not lead to private networks. */
  readonly addresses: readonly Extract<keyof Static<Settings>, string>[];
  /** Whether `to` has mail addresses. Each is confirmed first and gets notifications apart from the others. SQL reads `to`, too. */
  readonly hasRecipients: boolean;
  /** Valid settings, for tests and documentation. */
  readonly example: Static<Settings>;
  /** Settings that GoMon chooses where a new channel comes without them. They are shown once. */
  generate?(given: Partial<Static<Settings>>): Partial<Static<Settings>>;
  /** `kept` after a change of the stored settings; null in `changes` removes a setting. Secrets in `stored` are encrypted. */
  keep?(stored: Static<Settings> & Static<Kept>, changes: SettingValues, now: number): Static<Kept>;
  faults?(given: Partial<Static<Settings>>): readonly SettingFault[];
}

/** Nothing but types. */
export function defineKind<
  Settings extends TObject,
  Kept extends TObject = TObject<Record<never, never>>,
>(spec: ChannelKindSpec<Settings, Kept>) {
  return spec;
}
