import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';

/** The dashboard's list of monitors, as somebody who is logged in sees it. */
export interface ListPage {
  /** Milliseconds from the address being entered until all rows of the first page are there and can be used; nothing is cached. */
  open(): Promise<number>;
  /** Milliseconds from the click until the rows of the next page are there. */
  next(): Promise<number>;
  /** How many bytes of JavaScript `open` brought, as they were sent. */
  scriptBytes(): Promise<number>;
  close(): Promise<void>;
}

interface Session {
  readonly token: string;
  readonly expiresAt: string;
}

const ROWS = 50;

/** Expressions of the page, which count frames: what is painted is there, and a script that still runs lets no frame pass. */
const WHEN_SHOWN = `new Promise((resolve) => {
  const look = () => document.querySelectorAll('tbody tr .bar').length === ${ROWS} ? requestAnimationFrame(() => resolve(performance.now())) : requestAnimationFrame(look);
  look();
})`;
const NEXT = `new Promise((resolve) => {
  const first = () => document.querySelector('tbody .row-link').textContent;
  const before = first();
  const since = performance.now();
  [...document.querySelectorAll('.pages a')].at(-1).click();
  const look = () => first() === before ? requestAnimationFrame(look) : requestAnimationFrame(() => resolve(performance.now() - since));
  look();
})`;
const SCRIPT_BYTES = `performance.getEntriesByType('resource').filter(({ name }) => name.endsWith('.js'))
  .reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0)`;

export async function openListPage(
  executablePath: string,
  apiUrl: string,
  session: Session,
): Promise<ListPage> {
  // Chromium's own sandbox needs rights that neither root nor a container gives.
  const browser = await chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
  });
  let context: BrowserContext | undefined;
  let page: Page | undefined;
  const shown = () => {
    if (!page) throw new Error('no page is open');
    return page;
  };
  return {
    open: async () => {
      await context?.close();
      context = await newContext(browser, session);
      page = await context.newPage();
      await page.goto(`${apiUrl}/monitors`, { waitUntil: 'commit' });
      return page.evaluate<number>(WHEN_SHOWN);
    },
    next: () => shown().evaluate<number>(NEXT),
    scriptBytes: () => shown().evaluate<number>(SCRIPT_BYTES),
    close: () => browser.close(),
  };
}

/** With a fresh cache, and logged in. */
async function newContext(browser: Browser, session: Session): Promise<BrowserContext> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const text = JSON.stringify(JSON.stringify({ username: 'reader', ...session }));
  await context.addInitScript(`localStorage.setItem('gomon.session', ${text})`);
  return context;
}
