import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A package of package-lock.json. */
export interface Package {
  readonly name: string;
  /** As the package declares it; null when it declares none. */
  readonly licence: string | null;
  /** Whether it is part of an app, and not only of what builds or tests the apps. */
  readonly shipped: boolean;
}

interface Entry {
  readonly link?: boolean;
  readonly resolved?: string;
  readonly license?: string;
  readonly dependencies?: Record<string, string>;
  readonly optionalDependencies?: Record<string, string>;
  readonly peerDependencies?: Record<string, string>;
  readonly peerDependenciesMeta?: Record<string, { readonly optional?: boolean }>;
}

type Entries = Readonly<Record<string, Entry>>;

const FOLDER = 'node_modules/';

/** All packages that the lock file in `root` names, ours left out. */
export function listPackages(root: string): Package[] {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Entries;
  };
  const shipped = reachableFrom(
    Object.keys(packages).filter((path) => path.startsWith('apps/')),
    packages,
  );
  return Object.entries(packages)
    .filter(([path, { link }]) => path.includes(FOLDER) && !link)
    .map(([path, entry]) => ({
      name: path.slice(path.lastIndexOf(FOLDER) + FOLDER.length),
      licence: entry.license ?? declaredIn(join(root, path)),
      shipped: shipped.has(path),
    }));
}

function reachableFrom(paths: readonly string[], entries: Entries): Set<string> {
  const reached = new Set(paths);
  for (const path of reached) {
    const entry = entries[path] ?? {};
    const needed = {
      ...entry.dependencies,
      ...entry.optionalDependencies,
      ...requiredPeers(entry),
    };
    for (const name of Object.keys(needed)) {
      const found = resolve(name, path, entries);
      if (found) reached.add(found);
    }
  }
  return reached;
}

function requiredPeers({
  peerDependencies = {},
  peerDependenciesMeta = {},
}: Entry): Record<string, string> {
  return Object.fromEntries(
    Object.entries(peerDependencies).filter(([name]) => !peerDependenciesMeta[name]?.optional),
  );
}

/** Where Node finds the package, from the innermost folder outwards; a link of ours leads to where it points. */
function resolve(name: string, from: string, entries: Entries): string | null {
  const folders = from
    .split('/')
    .map((_, index, parts) => parts.slice(0, parts.length - index).join('/'));
  for (const folder of [...folders, '']) {
    const path = `${folder && `${folder}/`}${FOLDER}${name}`;
    const entry = entries[path];
    if (entry) return entry.link ? (entry.resolved ?? path) : path;
  }
  return null;
}

/** The form that packages used before there was a field for one licence. */
function declaredIn(directory: string): string | null {
  const file = join(directory, 'package.json');
  if (!existsSync(file)) return null;
  const { licenses } = JSON.parse(readFileSync(file, 'utf8')) as {
    licenses?: readonly { readonly type: string }[];
  };
  return licenses?.[0]?.type ?? null;
}
