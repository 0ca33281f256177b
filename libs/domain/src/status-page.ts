import type { OwnerId } from './user.ts';

/** Monitors shown together under a name. */
export interface StatusPageGroup {
  readonly name: string;
  readonly monitorIds: readonly string[];
}

export interface StatusPageSettings {
  /** The page's path, unique across users. */
  readonly slug: string;
  readonly title: string;
  readonly description: string;
  readonly groups: readonly StatusPageGroup[];
  /** Whether the page is public. */
  readonly published: boolean;
}

export interface StatusPage extends StatusPageSettings {
  readonly id: string;
  readonly ownerId: OwnerId;
  /** Grows with every change. */
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export const STATUS_MESSAGE_KINDS = ['incident', 'maintenance', 'notice'] as const;
export type StatusMessageKind = (typeof STATUS_MESSAGE_KINDS)[number];

export interface StatusMessageSettings {
  readonly title: string;
  readonly body: string;
  readonly kind: StatusMessageKind;
  readonly startsAt: Date;
  /** Null while unknown. */
  readonly endsAt: Date | null;
}

/** A message that a user posts on a status page. */
export interface StatusMessage extends StatusMessageSettings {
  readonly id: string;
}
