import { readFileSync } from 'node:fs';
import type { DefaultTheme } from 'vitepress';

/** By what a reader wants to do. */
export function sidebar(reference: DefaultTheme.SidebarItem[]): DefaultTheme.SidebarItem[] {
  return [
    {
      text: 'Start',
      items: [
        { text: 'Start on your machine', link: '/start' },
        { text: 'Coming from the Go service', link: '/coming-from-the-go-service' },
      ],
    },
    {
      text: 'Watch sites',
      items: [{ text: 'Monitors, alerts, status pages', link: '/watch-sites' }],
    },
    { text: 'Get notified', items: [{ text: 'Channels and promises', link: '/notifications' }] },
    {
      text: 'Deploy',
      items: [
        { text: 'Compose, Kubernetes, variables', link: '/deployment' },
        { text: 'Security', link: '/security' },
        { text: 'Report a vulnerability', link: '/report-a-vulnerability' },
      ],
    },
    {
      text: 'Operate',
      items: [
        { text: 'Watch, upgrade, back up', link: '/operate' },
        { text: 'Performance', link: '/performance' },
        { text: 'Try it under load', link: '/experiment' },
      ],
    },
    {
      text: 'Use the API',
      items: [
        { text: 'First steps', link: '/use-the-api' },
        { text: 'Compatibility', link: '/api-compatibility' },
        { text: 'Reference', collapsed: true, items: reference },
      ],
    },
    {
      text: 'Develop',
      items: [
        { text: 'Architecture', link: '/architecture' },
        { text: 'Contributing', link: '/contributing' },
        { text: 'Faults and their proof', link: '/chaos' },
        { text: 'Changelog', link: '/changelog' },
      ],
    },
    { text: 'Decisions', collapsed: true, items: decisions() },
  ];
}

/** The rows of the index. */
function decisions(): DefaultTheme.SidebarItem[] {
  const index = readFileSync(new URL('../decisions/README.md', import.meta.url), 'utf8');
  const files = [...index.matchAll(/^\| \[\d+\]\(([\w-]+)\.md\)/gm)].map(([, file = '']) => file);
  const titleOf = (file: string) => {
    const [heading = ''] = readFileSync(
      new URL(`../decisions/${file}.md`, import.meta.url),
      'utf8',
    ).split('\n');
    return heading.replace('# ', '');
  };
  return [
    { text: 'All decisions', link: '/decisions/' },
    ...files.map((file) => ({ text: titleOf(file), link: `/decisions/${file}` })),
  ];
}
