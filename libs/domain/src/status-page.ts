/** Monitors that are shown together under a name. */
export interface StatusPageGroup {
  readonly name: string;
  readonly monitorIds: readonly string[];
}

export interface StatusPageSettings {
  /** Where it is found, unique among all users'. */
  readonly slug: string;
  readonly title: string;
  readonly description: string;
  readonly groups: readonly StatusPageGroup[];
  /** Whether anybody may see it. */
  readonly published: boolean;
}

export interface StatusPage extends StatusPageSettings {
  readonly id: string;
  readonly userId: string;
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
  /** Null while it is not known. */
  readonly endsAt: Date | null;
}

/** What a user says on a status page. */
export interface StatusMessage extends StatusMessageSettings {
  readonly id: string;
}
