import type { OwnerId } from './user.ts';

/** A way to reach people. What its settings are depends on its kind: see `@gomon/channels`. */
export interface Channel {
  readonly id: string;
  readonly ownerId: OwnerId;
  readonly kind: string;
  readonly name: string;
  /** Secrets in it are encrypted for the channel. */
  readonly settings: object;
  readonly enabled: boolean;
  /** Why it was disabled by us; null when it was not. */
  readonly disabledReason: string | null;
  /** Whether it is a channel of every monitor of its owner. */
  readonly isDefault: boolean;
  /** Pause between reminders of an alert that stays open; null for none. */
  readonly remindEverySeconds: number | null;
  /** Addresses of its settings that nothing is mailed to until they are confirmed. */
  readonly unconfirmed: readonly string[];
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}
