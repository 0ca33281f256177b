/** The tag of a version, as ETag and If-Match know it: RFC 9110, 8.8.3. */
export function entityTag(version: number): string {
  return `"${version}"`;
}

/**
 * Whether an If-Match field lets a change of this version pass; one that is absent lets every change pass. Weak tags
 * count as well: proxies that compress weaken tags, and a version is the same in any coding.
 */
export function ifMatchAccepts(ifMatch: string | undefined, version: number): boolean {
  if (ifMatch === undefined || ifMatch.trim() === '*') return true;
  return ifMatch.split(',').some((tag) => tag.trim().replace(/^W\//, '') === entityTag(version));
}
