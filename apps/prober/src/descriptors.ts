import { closeSync, openSync } from 'node:fs';

/** Descriptors that concurrent name lookups may need: a file or socket each, in several threads. */
const NEEDED = 16;
/** Descriptors in use when a lookup failed may be free again by the time we look. */
const REMEMBERED_MS = 2000;

let lackedAt = -Infinity;

/** Whether this process is, or was a moment ago, nearly out of file descriptors. */
export function lacksDescriptors(): boolean {
  const now = performance.now();
  if (!canOpen(NEEDED)) lackedAt = now;
  return now - lackedAt < REMEMBERED_MS;
}

function canOpen(count: number): boolean {
  const opened: number[] = [];
  try {
    while (opened.length < count) opened.push(openSync('/dev/null', 'r'));
    return true;
  } catch {
    return false;
  } finally {
    for (const descriptor of opened) closeSync(descriptor);
  }
}
