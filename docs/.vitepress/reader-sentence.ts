import type { MarkdownRenderer } from 'vitepress';

interface Page {
  readonly frontmatter?: { readonly description?: string; readonly layout?: string };
  readonly relativePath?: string;
}

const OF_DECISIONS = 'Read this page to learn why this is built as it is.';

/** Shows a page's description, which says what its reader wants to do, below its heading. */
export function readerSentence(md: MarkdownRenderer): void {
  md.core.ruler.push('reader-sentence', ({ tokens, env, Token }) => {
    const { frontmatter = {}, relativePath = '' } = env as Page;
    const {
      description = relativePath.startsWith('decisions/') ? OF_DECISIONS : undefined,
      layout,
    } = frontmatter;
    const end = tokens.findIndex(({ type, tag }) => type === 'heading_close' && tag === 'h1');
    if (end === -1 || description === undefined || layout === 'home') return;
    const sentence = new Token('html_block', '', 0);
    sentence.content = `<p class="reader">${md.utils.escapeHtml(description)}</p>\n`;
    tokens.splice(end + 1, 0, sentence);
  });
}
