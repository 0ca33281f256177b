import { QUEUE_PREFIX } from './queues.ts';

/** A sorted set: each prober by an id of its own, with the time at which it was last there, in milliseconds by Redis' clock. */
export const PROBERS_KEY = `${QUEUE_PREFIX}:probers`;

/** A prober says more often than this that it is there. */
export const HEARTBEAT_SECONDS = 15;
