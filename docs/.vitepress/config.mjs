import { defineConfig } from 'vitepress';
import { plainCode } from './plain-code.ts';
import { readerSentence } from './reader-sentence.ts';
import { writeReference } from './reference/write-reference.ts';
import { sidebar } from './sidebar.ts';
import { siteLinks } from './site-links.ts';

export default defineConfig({
  lang: 'en',
  title: 'GoMon',
  description: 'Uptime monitoring that you host yourself',
  transformHead: ({ siteData }) => [
    ['link', { rel: 'icon', type: 'image/svg+xml', href: `${siteData.base}favicon.svg` }],
  ],
  outDir: './dist',
  cacheDir: '../.nx/vitepress',
  rewrites: {
    'decisions/README.md': 'decisions/index.md',
    'generated/api/:page.md': 'api/:page.md',
  },
  ignoreDeadLinks: 'localhostLinks', // Of commands that serve something on this machine.
  markdown: {
    config: (md) => {
      md.use(plainCode);
      md.use(siteLinks);
      md.use(readerSentence);
    },
  },
  transformHtml: (html, file) => {
    // VitePress only logs an error of a page, and leaves the page empty.
    if (!html.includes('<h1') && !file.endsWith('404.html'))
      throw new Error(`${file} has no content`);
  },
  themeConfig: {
    logo: '/favicon.svg',
    search: { provider: 'local' },
    outline: { level: [2, 3] },
    nav: [
      { text: 'Start', link: '/start' },
      { text: 'Deploy', link: '/deployment' },
      { text: 'API', link: '/api/', activeMatch: '^/api/' },
    ],
    sidebar: sidebar(writeReference()),
  },
});
