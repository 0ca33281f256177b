import { fileURLToPath } from 'node:url';

/** Unified diffs against the sources. `node tests/chaos/defects/refresh-patches.ts` fits them to sources that have moved on. */
export const PATCHES_DIR = fileURLToPath(new URL('patches/', import.meta.url));

export const patchPath = (name: string): string => PATCHES_DIR + name;
