import type { Static } from 'typebox';
import { http } from './http.ts';
import type { CheckKind } from './kind.ts';
import { tcp } from './tcp.ts';
import { websocket } from './websocket.ts';

const KINDS = { http, tcp, websocket };

export type CheckKindName = keyof typeof KINDS;

export const CHECK_KINDS: Readonly<Record<CheckKindName, CheckKind>> = KINDS;

/** The kind of monitors, jobs and requests that name none. */
export const DEFAULT_KIND = 'http' satisfies CheckKindName;

export const CHECK_KIND_NAMES = Object.keys(KINDS) as readonly CheckKindName[];

/** The settings of a kind. */
export type SettingsOf<Kind extends CheckKindName> = Readonly<
  Static<(typeof KINDS)[Kind]['settings']>
>;

/** A kind with its settings beside it. */
export type CheckSettings<Kind extends CheckKindName = CheckKindName> = {
  [Name in Kind]: { readonly kind: Name } & SettingsOf<Name>;
}[Kind];

export function isCheckKind(name: unknown): name is CheckKindName {
  return typeof name === 'string' && Object.hasOwn(KINDS, name);
}

/** Throws for a name that is not of a kind: then a later version has written it. */
export function checkKind(name: string): CheckKind {
  if (!isCheckKind(name))
    throw new Error(`"${name}" is not a kind of check that this version knows`);
  return CHECK_KINDS[name];
}

/** The host that a check burdens, by a kind with its settings beside it. */
export function hostOf(check: { readonly kind: string }): string {
  return checkKind(check.kind).host(check);
}
