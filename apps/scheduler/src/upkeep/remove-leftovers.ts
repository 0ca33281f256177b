import { removeLeftovers as removeSome, type Db } from '@gomon/persistence';

/** Some seconds of work; what is left over is for the next run. */
const MOST_STEPS = 100;

/** Removes, step by step, what monitors and channels left behind when they were deleted. All schedulers may do so at once. */
export async function removeLeftovers(db: Db): Promise<void> {
  for (let step = 0; step < MOST_STEPS; step++) if (!(await removeSome(db))) break;
}
