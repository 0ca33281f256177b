import { statSync } from 'node:fs';
import { join } from 'node:path';
import { startTarget, type Target } from '@gomon/test-support';
import { expect, test, type Browser } from '@playwright/test';
import { signIn } from '../../tools/local-stack/demo/api-client.ts';
import { until, type Page as Listed } from '../e2e/product.ts';
import { root } from '../repository/run.ts';
import { startTestStack, type RunningStack } from '../e2e/stack.ts';
import {
  accessibilityFaults,
  logIn,
  needChromium,
  overflow,
  PASSWORD,
  screenshot,
  visit,
} from './visit.ts';

const USERNAME = 'ada';
const DESKTOP = { width: 1360, height: 860 };
const PHONE = { width: 360, height: 740 };

const looks = [
  { name: 'light-desktop', colorScheme: 'light', viewport: DESKTOP },
  { name: 'dark-desktop', colorScheme: 'dark', viewport: DESKTOP },
  { name: 'light-phone', colorScheme: 'light', viewport: PHONE },
  { name: 'dark-phone', colorScheme: 'dark', viewport: PHONE },
] as const;

test.describe('every page, light and dark, on a desktop and a phone', () => {
  needChromium();
  let stack: RunningStack;
  let target: Target;
  let browser: Browser;
  let paths: Record<string, string>;

  test.beforeAll(async ({ browser: started }) => {
    browser = started;
    target = await startTarget();
    target.respond('/payments', (request) => ({ status: request > 5 ? 503 : 200 }));
    stack = await startTestStack(1, 1);
    paths = await furnish(stack, target);
  });
  test.afterAll(async () => {
    await stack?.close();
    await target?.stop();
  });

  for (const { name, ...look } of looks) {
    test(`${name}: nothing is wider than the window, breaks the rules of WCAG or fails`, async () => {
      const { page, faults } = await visit(browser, look);
      const found: Record<string, unknown> = {};
      const examine = async (place: string) => {
        await page.locator('h1').first().waitFor();
        await until(
          () => page.locator('.skeleton, .chart:empty').count(),
          (count) => count === 0,
        );
        await screenshot(page, `${place}-${name}`);
        const wrong = [
          ...(await accessibilityFaults(page)),
          ...((await overflow(page)) > 0 ? ['wider than the window'] : []),
        ];
        if (wrong.length > 0) found[place] = wrong;
      };
      for (const place of ['signup', 'login']) {
        await page.goto(`${stack.apiUrl}/${place}`);
        await examine(place);
      }
      await logIn(page, USERNAME);
      for (const [place, path] of Object.entries(paths)) {
        await page.goto(`${stack.apiUrl}${path}`);
        await examine(place);
      }
      await page.goto(`${stack.apiUrl}${paths['monitor']}`);
      await page.getByRole('radio', { name: 'Phases' }).click();
      await page.getByRole('img', { name: /phase upon phase/ }).waitFor();
      await examine('monitor-phases');
      await page.context().close();
      expect(found).toEqual({});
      expect(faults).toEqual([]);
    });
  }

  test('the first load of the list brings less than 200 kB of JavaScript, gzipped', async () => {
    const { page } = await visit(browser, { viewport: DESKTOP });
    await page.goto(`${stack.apiUrl}/login`);
    await logIn(page, USERNAME);
    await page.goto(`${stack.apiUrl}/monitors`);
    await page.getByRole('link', { name: 'shop', exact: true }).waitFor();
    const loaded = await page.evaluate<string[]>(
      "performance.getEntriesByType('resource').map(({ name }) => name)",
    );
    const scripts = loaded
      .filter((url) => url.endsWith('.js'))
      .map((url) => join(root, 'apps/dashboard/dist', new URL(url).pathname));
    expect(scripts.length).toBeGreaterThan(1);
    const bytes = scripts.map((file) => statSync(`${file}.gz`).size);
    expect(bytes.reduce((sum, size) => sum + size, 0)).toBeLessThan(200_000);
    await page.context().close();
  });

  test('the keyboard alone gets past the navigation, chooses a theme and searches', async () => {
    const { page } = await visit(browser, { viewport: DESKTOP, colorScheme: 'light' });
    await page.goto(`${stack.apiUrl}/login`);
    await logIn(page, USERNAME);
    await page.goto(`${stack.apiUrl}/monitors`);
    await page.getByRole('link', { name: 'shop', exact: true }).waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.activeElement.id')).toBe('main');
    await page.getByRole('button', { name: /^Theme/ }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('menuitemradio', { name: 'Dark' }).focus();
    await page.keyboard.press('Enter');
    await until(
      () => page.evaluate('getComputedStyle(document.documentElement).colorScheme'),
      (scheme) => scheme === 'dark',
    );
    await page.getByRole('searchbox').focus();
    await page.keyboard.type('pay');
    await until(
      () => page.locator('tbody tr').count(),
      (rows) => rows === 1,
    );
    expect(new URL(page.url()).searchParams.get('q')).toBe('pay');
    await page.context().close();
  });
});

/** An account with something to see on each page; what it returns are the paths of those. */
async function furnish({ apiUrl }: RunningStack, target: Target): Promise<Record<string, string>> {
  const client = await signIn(apiUrl, USERNAME, PASSWORD);
  const rule = { intervalSeconds: 1, windowSeconds: 10, threshold: 2, timeoutMs: 500 };
  const add = (name: string, settings: object = {}) =>
    client.post<{ id: string }>('/v1/monitors', {
      name,
      url: `${target.url}/${name}`,
      ...rule,
      ...settings,
    });
  const shop = await add('shop', { tags: ['eu', 'store'] });
  const payments = await add('payments', { tags: ['payments'] });
  const paused = await add('delivery of images for the pages of products in all regions', {
    url: `${target.url}/images`,
    paused: true,
  });
  await client.post('/v1/api-keys', { name: 'deployment' });
  const hook = {
    kind: 'webhook',
    name: 'hook',
    settings: { url: `${target.url}/hook` },
    default: true,
  };
  const channel = await client.post<{ id: string }>('/v1/channels', hook);
  await client.post(`/v1/channels/${channel.id}/test`, {});
  const startsAt = new Date().toISOString();
  const backups = { name: 'Backups', startsAt, durationSeconds: 3600, monitorId: shop.id };
  const maintenance = await client.post<{ id: string }>('/v1/maintenance-windows', backups);
  const groups = [{ name: 'Services', monitorIds: [shop.id, payments.id, paused.id] }];
  const page = await client.post<{ id: string }>('/v1/status-pages', {
    slug: 'shop',
    title: 'Shop',
    groups,
    published: true,
  });
  const message = { title: 'Payments fail', body: 'We are looking.', kind: 'incident' };
  await client.post(`/v1/status-pages/${page.id}/messages`, message);
  await until(
    () => client.get<Listed<unknown>>('/v1/alerts?state=open'),
    ({ items }) => items.length > 0,
  );
  return {
    monitors: '/monitors',
    'no-monitor': '/monitors?q=nothing',
    monitor: `/monitors/${payments.id}`,
    'edit-monitor': `/monitors/${payments.id}/edit`,
    'new-monitor': '/monitors/new',
    alerts: '/alerts',
    channels: '/channels',
    channel: `/channels/${channel.id}`,
    'edit-channel': `/channels/${channel.id}/edit`,
    maintenance: '/maintenance',
    'edit-maintenance': `/maintenance/${maintenance.id}/edit`,
    'status-pages': '/status-pages',
    'status-page-editor': `/status-pages/${page.id}`,
    'status-page': '/status/shop',
    'api-keys': '/api-keys',
    system: '/system',
    account: '/account',
  };
}
