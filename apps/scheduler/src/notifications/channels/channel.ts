import type { ChannelKind, SettingsOf } from '@gomon/channels';
import type { NotificationContent, NotificationTransition } from '@gomon/domain';
import type { Receipt } from '../receipt.ts';
import type { Post } from '../transports/http.ts';

/** Confirmations are separate mails. */
export type MessageTransition = Exclude<NotificationTransition, 'confirmation'>;

/** One notification in words, for whatever channel. */
export interface Message {
  /** The same in every attempt. */
  readonly id: string;
  readonly transition: MessageTransition;
  readonly createdAt: Date;
  /** When this attempt began, by the database's clock: ours may be wrong. */
  readonly startedAt: Date;
  readonly content: NotificationContent;
  /** One line. */
  readonly title: string;
  readonly facts: readonly Fact[];
  /** Where to read more; null when nobody said where that is. */
  readonly link: string | null;
}

export interface Fact {
  readonly name: string;
  readonly value: string;
}

export interface Mail {
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly messageId: string;
}

/** What channels reach their receivers by. Neither rejects: how it ended is the receipt. */
export interface Outside {
  readonly post: Post;
  readonly sendMail: (mail: Mail) => Promise<Receipt>;
  readonly telegramUrl: string;
  readonly pagerdutyUrl: string;
}

/** Secrets in `settings` are in the clear. */
export type SendMessage<Kind extends ChannelKind> = (
  message: Message,
  settings: SettingsOf<Kind>,
  outside: Outside,
) => Promise<Receipt>;
