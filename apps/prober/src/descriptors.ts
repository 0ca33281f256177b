import { closeSync, openSync } from 'node:fs';

/** What lookups of names may need at once: each a file or socket at a time, in several threads. */
const NEEDED = 16;
/** Those that were there when a lookup failed may have been freed before we look. */
const REMEMBERED_MS = 2000;

let lackedAt = -Infinity;

/** Whether this process has, or had just now, hardly a file descriptor left. */
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
