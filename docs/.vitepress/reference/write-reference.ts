import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { type Description, type Route, readDescription, routesOf, slugOf } from './description.ts';
import { renderOperation } from './render-operation.ts';
import { cell, renderProperties } from './render-schema.ts';

const DESCRIPTION = new URL('../../openapi/last-release.json', import.meta.url);
const PAGES = new URL('../../generated/api/', import.meta.url);

/** Writes the pages of the API's reference, as Markdown so that the search finds them, and returns their places in the sidebar. */
export function writeReference(): { text: string; link: string }[] {
  const description = readDescription(DESCRIPTION);
  const routes = routesOf(description);
  const sections = description.tags.map(({ name: tag, description: text }) => ({
    tag,
    name: titleOf(tag),
    slug: slugOf(tag),
    text,
    routes: routes.filter(({ operation }) => operation.tags.includes(tag)),
  }));
  rmSync(PAGES, { recursive: true, force: true });
  mkdirSync(PAGES, { recursive: true });
  for (const { tag, name, slug, text, routes: own } of sections) {
    const reader = `Read this page to use the operations on ${tag}.`;
    writePage(
      slug,
      reader,
      `# ${name}\n\n${cell(text)}\n\n${own.map(renderOperation).join('\n\n')}`,
    );
  }
  writePage(
    'index',
    'Read this page to find an operation of the API.',
    `# API reference\n\n${sections.map(overview).join('\n\n')}`,
  );
  writePage(
    'schemas',
    'Read this page to know what the objects of the API contain.',
    `# Objects\n\n${objects(description)}`,
  );
  return [
    { text: 'All operations', link: '/api/' },
    ...sections.map(({ name, slug }) => ({ text: name, link: `/api/${slug}` })),
    { text: 'Objects', link: '/api/schemas' },
  ];
}

const titleOf = (tag: string) => tag.replace(/^api\b|^./, (start) => start.toUpperCase());

function writePage(slug: string, reader: string, text: string): void {
  writeFileSync(
    new URL(`${slug}.md`, PAGES),
    `---\ndescription: ${reader}\neditLink: false\n---\n\n${text}\n`,
  );
}

function overview({
  name,
  slug,
  routes,
}: {
  name: string;
  slug: string;
  routes: readonly Route[];
}): string {
  const rows = routes.map(
    ({ method, path, operation: { summary, operationId } }) =>
      `| \`${method} ${path}\` | [${cell(summary)}](/api/${slug}#${operationId}) |`,
  );
  return [`## ${name}\n`, '| | |', '| --- | --- |', ...rows].join('\n');
}

function objects({ components }: Description): string {
  return Object.entries(components.schemas)
    .map(([name, schema]) => `## ${name} {#${name.toLowerCase()}}\n\n${renderProperties(schema)}`)
    .join('\n\n');
}
