import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { test, type Browser, type BrowserContextOptions, type Page } from '@playwright/test';
import { root } from '../repository/run.ts';

export const PASSWORD = 'correct horse battery';

const SCREENSHOTS = join(root, 'tests/screenshots');
/** Of a machine that does much else; what is well takes a second. */
const PATIENCE_MS = 60_000;
const WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

export interface Visit {
  readonly page: Page;
  /** What the page complained of: errors of scripts, and what its policy refused. */
  readonly faults: readonly string[];
}

export async function visit(browser: Browser, options: BrowserContextOptions): Promise<Visit> {
  const context = await browser.newContext({ locale: 'en-GB', ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => {
    if (/Content Security Policy/i.test(message.text())) faults.push(message.text());
  });
  return { page, faults };
}

export async function logIn(page: Page, username: string): Promise<void> {
  await page.getByLabel('Username').fill(username);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: /^(Log in|Sign up)$/ }).click();
  await page.getByRole('heading', { name: 'Monitors', exact: true }).waitFor();
}

/** Skips the tests of a `describe` where this machine has no Chromium and none can be installed. */
export function needChromium(): void {
  test.skip(!process.env['GOMON_CHROMIUM'], 'There is no Chromium');
}

/** Prints what the page says when a test fails: logs of CI keep no screenshots. */
export function printPageOfFailures(page: () => Page | undefined): void {
  test.afterEach(async ({ browserName: _ }, { status, expectedStatus }) => {
    const shown = page();
    if (!shown || status === expectedStatus) return;
    const text = await shown.locator('body').innerText({ timeout: 5000 });
    console.log(`The page ${shown.url()} says:\n${text}`);
  });
}

/** What axe finds against WCAG 2.2 AA, a line for each. */
export async function accessibilityFaults(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).withTags(WCAG).analyze();
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`),
  );
}

/** By how many pixels the page is wider than its window, or what scrolls sideways in it than its place. */
export function overflow(page: Page): Promise<number> {
  return page.evaluate(`Math.max(...[document.documentElement, ...document.querySelectorAll('.scroll-x')]
    .map(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth))`);
}

export async function screenshot(page: Page, name: string): Promise<void> {
  mkdirSync(SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`), fullPage: true });
}
