import { existsSync, readdirSync } from 'node:fs';

const foldersIn = (name) => {
  const folder = new URL(`${name}/`, import.meta.url);
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? [entry.name] : [],
  );
};

/** An app, a library, a tool or a suite by the name of its folder, or a part of the repository. */
const scopes = [
  ...['apps', 'libs', 'tools', 'tests'].flatMap(foldersIn),
  ...['bench', 'ci', 'decisions', 'deps', 'docker', 'docs', 'findings', 'prisma', 'release'],
];

export default {
  extends: ['@commitlint/config-conventional'],
  rules: {
    'header-max-length': [2, 'always', 100],
    'scope-enum': [2, 'always', [...new Set(scopes)]],
    'body-max-line-length': [0],
    'footer-max-line-length': [0],
  },
};
