import { loadConfig } from '@gomon/runtime';
import type { Static, TObject } from 'typebox';

/** What a command gets from the process that it runs in. */
export interface Surroundings {
  readonly environment: NodeJS.ProcessEnv;
  /** Milliseconds since the epoch, by this host's clock. */
  readonly now: () => number;
  readonly say: (line: string) => void;
  readonly complain: (line: string) => void;
}

export interface Command {
  /** The variables that it reads. */
  readonly schema: TObject;
  /** Resolves with whether all is well, having said what is not. Throws one error where it cannot do its work. */
  run(surroundings: Surroundings): Promise<boolean>;
}

export function createCommand<Schema extends TObject>(
  schema: Schema,
  run: (config: Static<Schema>, surroundings: Surroundings) => Promise<boolean>,
): Command {
  return {
    schema,
    run: async (surroundings) => run(loadConfig(schema, surroundings.environment), surroundings),
  };
}
