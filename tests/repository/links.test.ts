import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from '@jest/globals';
import { root } from './run.ts';

const below = (directory: string) =>
  readdirSync(join(root, directory)).map((name) => join(directory, name));
const pages = ['.', 'docs', 'docs/decisions'].flatMap(below).filter((path) => path.endsWith('.md'));
const withoutCode = (path: string) =>
  readFileSync(join(root, path), 'utf8').replaceAll(/```[\s\S]*?```/g, '');

/** As GitHub and the docs site make them. */
const slugOf = (heading: string) =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s-]/gu, '')
    .replaceAll(/\s/g, '-');

const slugsOf = (path: string) =>
  [...withoutCode(path).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => slugOf(heading));

test.each(pages)('%s links to files and headings that are there', (page) => {
  const links = [...withoutCode(page).matchAll(/\]\((?!https?:|\/)([^)#\s]*)(?:#([^)\s]+))?\)/g)];
  const broken = links.filter(([, path = '', anchor]) => {
    const target = path === '' ? page : join(dirname(page), path);
    if (!existsSync(join(root, target))) return true;
    return anchor !== undefined && !slugsOf(target).includes(anchor);
  });
  expect(broken.map(([link]) => link)).toEqual([]);
});
