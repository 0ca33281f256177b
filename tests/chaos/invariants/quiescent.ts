import type { Invariant } from './invariant.ts';

export const jobAccounting: Invariant = {
  name: 'no job is left over',
  check: ({ queues, drained }) => {
    const faults = queues.flatMap(({ name, counts, orphans }) => [
      ...Object.entries(counts)
        .filter(([, count]) => count > 0)
        .map(([state, count]) => `${name} has ${count} jobs ${state}`),
      ...(orphans.length > 0
        ? [`${name} has ${orphans.length} jobs in no state: ${orphans.slice(0, 3).join(', ')}`]
        : []),
    ]);
    return {
      looked: `${queues.length} queues`,
      faults: drained ? faults : ['the queues did not run empty', ...faults],
    };
  },
};

export const apiKeepsItsWord: Invariant = {
  name: 'the API answers 503 or rightly, and what it confirmed can be read',
  check: ({ api }) => ({
    looked: [...api.answers].map(([answer, count]) => `${count} × ${answer}`).join(', '),
    faults: api.faults,
  }),
};

/** A job whose process died is taken again after 20 seconds at most; then one interval of the longest kind. */
const FIRST_CYCLE_SECONDS = 30;

export const liveness: Invariant = {
  name: 'once healed, every monitor is soon checked again',
  check: ({ firstCycleSeconds }) => ({
    looked:
      firstCycleSeconds === null
        ? 'no whole cycle'
        : `the first whole cycle took ${firstCycleSeconds.toFixed(1)} s`,
    faults:
      firstCycleSeconds === null || firstCycleSeconds > FIRST_CYCLE_SECONDS
        ? [`the first whole cycle did not end within ${FIRST_CYCLE_SECONDS} s`]
        : [],
  }),
};

export const canaryUntouched: Invariant = {
  name: 'no request reached a forbidden address',
  check: ({ targetLog, lives, rows }) => {
    const bait = lives.filter(({ kind }) => kind === 'bait');
    const tried = bait.reduce((total, life) => total + (rows.get(life.id)?.length ?? 0), 0);
    return {
      looked: `${tried} checks of ${bait.length} monitors that lead there`,
      faults: targetLog.canary.map((path) => `a request for ${path}`),
    };
  },
};
