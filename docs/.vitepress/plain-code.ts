import type { MarkdownRenderer } from 'vitepress';

/** Keeps Vue from reading `{{…}}` in inline code as an expression. */
export function plainCode(md: MarkdownRenderer): void {
  md.core.ruler.push('plain-code', ({ tokens }) => {
    for (const token of tokens.flatMap(({ children }) => children ?? [])) {
      if (token.type === 'code_inline') token.attrSet('v-pre', '');
    }
  });
}
