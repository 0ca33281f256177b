import { AsyncLocalStorage } from 'node:async_hooks';

const holders = new AsyncLocalStorage<string>();

/** Whom connections to the database are taken for: the user or network whose request is being answered. */
export const connectionHolder = (): string | undefined => holders.getStore();

/** What `work` asks the database, it asks for this holder. */
export function heldBy<Answer>(holder: string, work: () => Answer): Answer {
  return holders.run(holder, work);
}

/** What `work` asks the database, it asks for many: it must not wait for one of them. */
export function heldByNobody<Answer>(work: () => Answer): Answer {
  return holders.exit(work);
}
