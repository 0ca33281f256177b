import { existsSync } from 'node:fs';
import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { MarkdownRenderer } from 'vitepress';

const docs = fileURLToPath(new URL('../', import.meta.url));

/** Pages at the repository's root that the site includes under other names. */
const INCLUDED: Readonly<Record<string, string>> = {
  'CHANGELOG.md': '/changelog.md',
  'CONTRIBUTING.md': '/contributing.md',
  'README.md': '/index.md',
  'SECURITY.md': '/report-a-vulnerability.md',
};

/** Links are written for readers of the repository. On the site they lead to its pages; a link to a source file becomes text. */
export function siteLinks(md: MarkdownRenderer): void {
  md.core.ruler.push('site-links', ({ tokens, env }) => {
    const { relativePath = '' } = env as { relativePath?: string };
    let isRemoved = false;
    for (const token of tokens.flatMap(({ children }) => children ?? [])) {
      if (token.type === 'link_open') {
        const href = siteHref(token.attrGet('href') ?? '', relativePath);
        if (href === null) isRemoved = true;
        else token.attrSet('href', href);
      }
      const isClose = token.type === 'link_close';
      if (isRemoved && (isClose || token.type === 'link_open'))
        Object.assign(token, { type: 'text', tag: '', nesting: 0, content: '' });
      if (isClose) isRemoved = false;
    }
  });
}

function siteHref(href: string, page: string): string | null {
  if (/^([a-z]+:|#|\/)/.test(href)) return href;
  const [path = '', anchor] = href.split('#');
  const hash = anchor === undefined ? '' : `#${anchor}`;
  const target = posix.join(posix.dirname(page), path);
  const included = INCLUDED[target.replace(/^\.\.\//, '')];
  if (included !== undefined) return included + hash;
  if (target.startsWith('docs/'))
    return target.slice('docs'.length).replace('README.md', 'index.md') + hash;
  return !target.startsWith('..') && existsSync(docs + target) ? href : null;
}
