/** A mistake that somebody could make, and that a run must notice. */
export interface Defect {
  readonly name: string;
  /** Where it is made: in the copy of the sources, by a file of `patches/`, or in the database. */
  readonly patch?: string;
  readonly sql?: readonly string[];
  /** The faults that bring it to light, by name. */
  readonly faults: readonly string[];
  /** The invariant that must be broken; others may be, too. */
  readonly caughtBy: string;
  /** Owners do nothing but ask for checks, many a second. */
  readonly onlyChecks?: true;
}
