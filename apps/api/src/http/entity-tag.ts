import type { FastifyReply } from 'fastify';

/** The tag of a version for ETag and If-Match: RFC 9110, 8.8.3. */
export function entityTag(version: number): string {
  return `"${version}"`;
}

/**
 * Whether an If-Match field allows a change of this version; without one every change is allowed.
 * Weak tags count as well: compressing proxies weaken tags, and a version is the same in any
 * encoding.
 */
export function ifMatchAccepts(ifMatch: string | undefined, version: number): boolean {
  if (ifMatch === undefined || ifMatch.trim() === '*') return true;
  return ifMatch.split(',').some((tag) => tag.trim().replace(/^W\//, '') === entityTag(version));
}

/** Answers that a resource was created at this path, in this version. */
export function created(reply: FastifyReply, path: string, version: number): void {
  reply.code(201).header('location', path).header('etag', entityTag(version));
}
