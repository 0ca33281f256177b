import { QUEUE_PREFIX } from './queues.ts';

/**
 * A sorted set: each prober by its id, with the time of its last heartbeat, in milliseconds by
 * Redis' clock.
 */
export const PROBERS_KEY = `${QUEUE_PREFIX}:probers`;

/** A prober sends heartbeats more often than this. */
export const HEARTBEAT_SECONDS = 15;
