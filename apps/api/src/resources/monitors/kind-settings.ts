import { checkKind, defaultsOf, settingsIn } from '@gomon/checks';
import type { Encryption } from '@gomon/encryption';
import type { Network } from '@gomon/egress';
import { FORMATS } from '../../http/formats.ts';
import { escapePointer, type Fault } from '../../problem.ts';
import {
  encryptHeaders,
  headerFaults,
  type EncryptedHeaders,
  type GivenHeaders,
} from './header-fields.ts';
import { destinationFault } from './target-policy.ts';

type Settings = Readonly<Record<string, unknown>>;

/** Settings of a kind that were given, and what is wrong with them beside what the schema says. */
export interface GivenSettings {
  /** As they will be, with secrets as they are stored. */
  readonly settings: Settings;
  readonly targetFaults: readonly Fault[];
  readonly faults: readonly Fault[];
  readonly secretFaults: readonly Fault[];
  /** In their one spelling, with secrets encrypted for the owner. There must be no faults. */
  encrypted(encryption: Encryption, ownerId: string): Promise<Settings>;
}

/** Fields whose format is that of another kind: a body that does not say its kind is validated without formats that differ. */
export function formatFaults(kind: string, body: object): Fault[] {
  const fields = checkKind(kind).settings.properties as Readonly<
    Record<string, { readonly format?: string }>
  >;
  return Object.entries(settingsIn(kind, body)).flatMap(([name, value]) => {
    const format = FORMATS[fields[name]?.format ?? ''];
    if (!format || typeof value !== 'string' || format.holds(value)) return [];
    return [{ pointer: `/${escapePointer(name)}`, message: `must be ${format.describes}` }];
  });
}

/** Reads the fields of the kind from a body; those that it has not stay as they are stored, or else are as by default. */
export function readKindSettings(
  kind: string,
  body: object,
  stored: Settings | null,
  allowedNetworks: readonly Network[],
): GivenSettings {
  const { secrets, ...description } = checkKind(kind);
  const given = settingsIn(kind, body);
  const kept = stored ?? defaultsOf(kind);
  const settings = {
    ...kept,
    ...given,
    ...Object.fromEntries(secrets.map((name) => [name, kept[name]])),
  };
  const changes = secrets.map((name) => ({
    name,
    present: kept[name] as EncryptedHeaders,
    given: (given[name] as GivenHeaders | undefined) ?? keepAll(kept[name] as EncryptedHeaders),
  }));
  return {
    settings,
    targetFaults: targetFaults(kind, settings, given, allowedNetworks),
    faults: description
      .faults(settings as never)
      .map(({ field, message }) => ({ pointer: `/${escapePointer(field)}`, message })),
    secretFaults: changes.flatMap(({ name, present, given: change }) =>
      headerFaults(change, present, name),
    ),
    encrypted: async (encryption, ownerId) => {
      const texts = changes.map(async ({ name, present, given: change }) => [
        name,
        await encryptHeaders(encryption, ownerId, change, present),
      ]);
      const encrypted = Object.fromEntries(await Promise.all(texts)) as Settings;
      return { ...description.normalize(settings), ...encrypted };
    },
  };
}

/** A stored target stays, whatever is allowed now: the prober judges it anyway. */
function targetFaults(
  kind: string,
  settings: Settings,
  given: Settings,
  allowedNetworks: readonly Network[],
): Fault[] {
  const destination = checkKind(kind).destination(settings);
  if (!destination.fields.some((name) => name in given)) return [];
  const fault = destinationFault(destination, allowedNetworks);
  if (!fault) return [];
  const field = fault.what === 'host' ? destination.hostField : destination.portField;
  return [{ pointer: `/${field}`, message: fault.message, code: 'target_not_allowed' }];
}

function keepAll(texts: EncryptedHeaders): GivenHeaders {
  return Object.fromEntries(Object.keys(texts).map((name) => [name, null]));
}
