import type { Static, TObject } from 'typebox';

/** What is wrong with one field, as the end of "port …". */
export interface FieldFault {
  readonly field: string;
  readonly message: string;
}

/** Where a check connects to first, for the rules about addresses and ports. */
export interface Destination {
  /** A name, or an address without brackets. */
  readonly host: string;
  /** Null: the usual one of the kind. */
  readonly port: number | null;
  /** Whether the check may connect to every port. False: only to those where HTTP does no harm. */
  readonly anyPort: boolean;
  /** Of a port that is refused, as the end of "port 25, …". */
  readonly portRule: string;
  readonly hostField: string;
  readonly portField: string;
  /** The fields that decide all this. */
  readonly fields: readonly string[];
}

/** All that there is to know about a kind of check, except how to do it: see `apps/prober/src/probes`. */
export interface CheckKind<Schema extends TObject = TObject> {
  readonly kind: string;
  /** What `target` is, as a label. */
  readonly targetLabel: string;
  /** The only description of the settings. A field with a `default` may be left out. */
  readonly settings: Schema;
  /** Fields that map names to texts. The texts are write-only, and stored and sent encrypted for their monitor. */
  readonly secrets: readonly (keyof Static<Schema> & string)[];
  /** The settings in their one spelling. */
  normalize(settings: Static<Schema>): Static<Schema>;
  /** What is checked, for people and for search. */
  target(settings: Static<Schema>): string;
  /** The host that a check burdens: probes in flight to one host are limited. */
  host(settings: Static<Schema>): string;
  destination(settings: Static<Schema>): Destination;
  /** Rules across fields, which the schema cannot say. */
  faults(settings: Static<Schema>): FieldFault[];
}
