import { CHECK_KINDS, CHECK_KIND_NAMES, checkKind } from './all.ts';

type Settings = Readonly<Record<string, unknown>>;

interface Field {
  readonly name: string;
  readonly usual: unknown;
  /** Undefined when it has no default. */
  readonly usualText: string | undefined;
}

const FIELDS: ReadonlyMap<string, readonly Field[]> = new Map(
  CHECK_KIND_NAMES.map((kind) => [
    kind,
    Object.entries(CHECK_KINDS[kind].settings.properties).map(toField),
  ]),
);

function toField([name, schema]: [string, { readonly default?: unknown }]): Field {
  return { name, usual: schema.default, usualText: JSON.stringify(schema.default) };
}

const DEFAULTS: ReadonlyMap<string, Settings> = new Map(
  Array.from(FIELDS, ([kind, fields]) => {
    const usual = fields.filter(({ usualText }) => usualText !== undefined);
    return [kind, Object.fromEntries(usual.map(({ name, usual: value }) => [name, value]))];
  }),
);

/** The settings that are left out when they are stored or sent. They are part of the contract: never change one. */
export function defaultsOf(kind: string): Settings {
  return DEFAULTS.get(kind) ?? unknownKind(kind);
}

/** Those fields of the kind that are in `from` and differ from its defaults: how settings are stored and sent. */
export function withoutDefaults(kind: string, from: object): Record<string, unknown> {
  const given = from as Settings;
  const kept: Record<string, unknown> = {};
  for (const { name, usual, usualText } of FIELDS.get(kind) ?? unknownKind(kind)) {
    const value = given[name];
    if (value === undefined || value === usual) continue;
    const isUsual =
      typeof value === 'object' && typeof usual === 'object' && JSON.stringify(value) === usualText;
    if (!isUsual) kept[name] = value;
  }
  return kept;
}

function unknownKind(kind: string): never {
  throw new Error(`"${kind}" is not a kind of check that this version knows`);
}

/** Those fields of the kind that are in `from`. */
export function settingsIn(kind: string, from: object): Record<string, unknown> {
  const given = from as Settings;
  const names = Object.keys(checkKind(kind).settings.properties);
  return Object.fromEntries(
    names.filter((name) => given[name] !== undefined).map((name) => [name, given[name]]),
  );
}
