import type { Package } from './packages.ts';

/** What may be part of an app: asks for no more than that its text is kept. */
const PERMISSIVE = new Set([
  ...[
    '0BSD',
    'Apache-2.0',
    'BlueOak-1.0.0',
    'BSD-2-Clause',
    'BSD-3-Clause',
    'CC0-1.0',
    'ISC',
    'MIT',
    'MIT-0',
    'Unlicense',
    'Zlib',
  ],
]);

/** What may build or test the apps, unchanged, beside that. */
const FOR_TOOLS = new Set([...PERMISSIVE, 'CC-BY-4.0', 'EPL-2.0', 'MPL-2.0', 'Python-2.0']);

/** Declare none in their package.json; these were read in the packages themselves, or where those come from. */
const READ_ELSEWHERE: Readonly<Record<string, string>> = {
  'seq-queue': 'MIT',
  'cpu-features': 'MIT',
  buildcheck: 'MIT',
};

/** The packages with a licence that they may not have, a line each. */
export function faultyLicences(packages: readonly Package[]): string[] {
  return packages.flatMap(({ name, licence, shipped }) => {
    const known = licence ?? READ_ELSEWHERE[name] ?? 'no licence';
    const allowed = shipped ? PERMISSIVE : FOR_TOOLS;
    return isAllowed(known, allowed)
      ? []
      : [`${name} (${shipped ? 'shipped' : 'for tools'}): ${known}`];
  });
}

/** One of those that OR names, each of those that AND names. */
function isAllowed(expression: string, allowed: ReadonlySet<string>): boolean {
  const plain = expression.replaceAll(/[()]/g, '');
  return plain
    .split(/ or /i)
    .some((one) => one.split(/ and /i).every((licence) => allowed.has(licence.trim())));
}
