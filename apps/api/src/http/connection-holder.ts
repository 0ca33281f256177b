import { AsyncLocalStorage } from 'node:async_hooks';

const holders = new AsyncLocalStorage<string>();

/** On whose behalf database connections are taken: the user or network of the current request. */
export const connectionHolder = (): string | undefined => holders.getStore();

/** Database queries of `work` count for this holder. */
export function heldBy<Answer>(holder: string, work: () => Answer): Answer {
  return holders.run(holder, work);
}

/** Database queries of `work` serve many: they must not wait for one of them. */
export function heldByNobody<Answer>(work: () => Answer): Answer {
  return holders.exit(work);
}
