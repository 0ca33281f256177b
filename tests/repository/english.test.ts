import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { root } from './run.ts';

/** Phrases that make a reader stop. Regular expressions of words; a space also matches a line break in a comment. */
const PHRASES = [
  'who(?:m|so)?ever',
  'anew',
  '(?:of|on) (?:its|their) own',
  'told of',
  'untold',
  'so (?:many|often)',
  '(?:is|are|was|were) to be',
  'goes with it',
  'in vain',
  'comes? to the same',
  'what there is',
  'as many as',
  'for good',
  'by and by',
  'so far as',
  'as good as',
  'takes? leave',
  'keeps? nobody',
];

const TEXT = /(?:\.(?:tsx?|mjs|md|prisma|ya?ml|sh)|^\.env\.example)$/;
const GENERATED = ['libs/client/src/openapi.ts', 'tests/repository/english.test.ts'];
const BREAK = String.raw`(?: +|\s*\n[ \t]*(?:\*|//|#|>)?[ \t]*)`;
const odd = new RegExp(
  `(?<![-\\w])(?:${PHRASES.join('|').replaceAll(' ', BREAK)})(?![-\\w])`,
  'gi',
);

const files = execFileSync(
  'git',
  ['ls-files', '--cached', '--others', '--exclude-standard', '-z'],
  {
    cwd: root,
    encoding: 'utf8',
  },
)
  .split('\0')
  .filter((file) => TEXT.test(file) && !GENERATED.includes(file) && existsSync(join(root, file)));

const findings = files.flatMap((file) => {
  const text = readFileSync(join(root, file), 'utf8');
  return [...text.matchAll(odd)].map(({ 0: phrase, index }) => {
    const line = text.slice(0, index).split('\n').length;
    return `${file}:${line}: ${phrase.replace(/[\s*/#>]+/g, ' ')}`;
  });
});

test('comments, messages and pages are in plain English', () => {
  expect(findings).toEqual([]);
});
