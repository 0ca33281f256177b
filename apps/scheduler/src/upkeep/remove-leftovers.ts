import { removeLeftovers as removeSome, type Db } from '@gomon/persistence';

/** Some seconds of work; the rest waits for the next run. */
const MOST_STEPS = 100;

/**
 * Removes, in steps, what deleted monitors and channels left behind. All schedulers may do so at
 * once.
 */
export async function removeLeftovers(db: Db): Promise<void> {
  for (let step = 0; step < MOST_STEPS; step++) if (!(await removeSome(db))) break;
}
