import { startTarget, type Target } from '@gomon/test-support';
import { expect, test, type Browser, type Page } from '@playwright/test';
import { signIn } from '../../tools/local-stack/demo/api-client.ts';
import { until, type Page as Listed } from '../e2e/product.ts';
import { startTestStack, type RunningStack } from '../e2e/stack.ts';
import {
  accessibilityFaults,
  logIn,
  needChromium,
  PASSWORD,
  printPageOfFailures,
  visit,
  type Visit,
} from './visit.ts';

test.describe.serial('what a user sees from sign-up to a badge', () => {
  needChromium();
  let stack: RunningStack;
  let target: Target;
  let browser: Browser;
  let visited: Visit;
  let page: Page;
  let failing = false;

  test.beforeAll(async ({ browser: started }) => {
    browser = started;
    target = await startTarget();
    target.respond('/shop', () => ({ status: failing ? 500 : 200 }));
    stack = await startTestStack(1, 1);
    visited = await visit(browser, { viewport: { width: 1280, height: 800 } });
    page = visited.page;
  });
  test.afterAll(async () => {
    await stack?.close();
    await target?.stop();
  });

  printPageOfFailures(() => page);
  const open = (name: string) =>
    page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name }).click();
  const row = () => page.getByRole('row', { name: /shop/ });

  test('signing up leads to an empty list, a URL is tried and then registered, and its first result is there', async () => {
    await page.goto(`${stack.apiUrl}/`);
    await page.getByRole('link', { name: 'Sign up' }).click();
    await logIn(page, 'ada');
    await page.getByText('No monitors yet').waitFor();
    await page.getByRole('link', { name: 'New monitor' }).first().click();
    await page.getByLabel('Name', { exact: true }).fill('shop');
    await page.getByLabel('URL', { exact: true }).fill(`${target.url}/shop`);
    failing = true;
    await page.getByRole('button', { name: 'Test' }).click();
    await page.getByText('A check would fail: status 500, expected 200').waitFor();
    failing = false;
    await page.getByRole('button', { name: 'Test' }).click();
    await page.getByText('A check would succeed. Status 200').waitFor();
    await page.getByLabel('URL', { exact: true }).fill('https://user@shop.example/');
    await page.getByRole('button', { name: 'Add monitor' }).click();
    const fault = page.getByText('Must be an absolute http or https URL without credentials.');
    await fault.waitFor();
    await page.getByLabel('URL', { exact: true }).fill(`${target.url}/shop`);
    await fault.waitFor({ state: 'detached' });
    await page.getByLabel('Check it every').selectOption('1');
    await page.getByLabel('Failures that are allowed').fill('2');
    await page.getByLabel('Window').selectOption('10');
    await page.getByRole('button', { name: 'Add monitor' }).click();
    await page.getByRole('heading', { name: /shop Up/ }).waitFor();
  });

  test('the bar turns and the alert opens while the list is open, without loading it again', async () => {
    await open('Monitors');
    await page.evaluate('window.stayed = true');
    await row().getByText('Up').waitFor();
    failing = true;
    await row().getByText('Down').waitFor();
    const bar = row().getByRole('img');
    await until(
      () => bar.getAttribute('aria-label'),
      (label) => /[1-9]\d* failed/.test(label ?? ''),
    );
    await page.getByLabel('1 open').waitFor();
    expect(await page.evaluate('window.stayed')).toBe(true);
  });

  test('the alert is acknowledged, and resolves before the eyes of who looks', async () => {
    await open('Alerts');
    await page.getByRole('button', { name: 'Acknowledge' }).click();
    await row()
      .getByText(/^Acknowledged /)
      .waitFor();
    failing = false;
    await row()
      .getByText(/^Resolved /)
      .waitFor();
    await page.getByText('No open alerts').waitFor();
    expect(await page.evaluate('window.stayed')).toBe(true);
  });

  test('the rule that is being edited is tried on what was', async () => {
    await open('Monitors');
    await page.getByRole('link', { name: 'shop', exact: true }).click();
    await page.getByRole('link', { name: 'Edit' }).click();
    await page.getByText('would have opened one alert').waitFor();
    await page.getByLabel('Window').selectOption('3600');
    await page.getByLabel('Failures that are allowed').fill('100');
    await page.getByText('would have opened 0 alerts').waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
  });

  test('a list is gone through page by page, there and back, with a reload in between', async () => {
    await open('Monitors');
    await page.getByRole('link', { name: 'shop', exact: true }).click();
    const pages = page.getByRole('navigation', { name: 'Pages of checks' });
    const cursor = () => Promise.resolve(new URL(page.url()).searchParams.get('checks'));
    await pages.getByRole('link', { name: 'Next' }).click();
    await pages.getByRole('link', { name: 'Previous' }).waitFor();
    const second = await cursor();
    expect(second).not.toBeNull();
    await page.reload();
    await pages.getByRole('link', { name: 'Previous' }).click();
    await until(cursor, (shown) => shown === null);
    await page.goBack();
    await until(cursor, (shown) => shown === second);
    await page.goto(`${stack.apiUrl}/monitors`);
    await page.getByRole('link', { name: 'shop', exact: true }).click();
    await page.getByRole('heading', { name: /shop/ }).waitFor();
    expect(await pages.getByRole('link', { name: 'Previous' }).count()).toBe(0);
  });

  test('a channel is changed field by field, and keeps the secret that was not typed again', async () => {
    await open('Channels');
    await page.getByRole('button', { name: 'New channel' }).click();
    await page.getByLabel('Kind').selectOption('ntfy');
    await page.getByLabel('Name', { exact: true }).fill('on call');
    await page.getByLabel('Server').fill(target.url);
    await page.getByLabel('Topic').fill('alerts');
    await page.getByLabel('Access token').fill('tk_1');
    await page.getByRole('button', { name: 'Create channel' }).click();
    await page.getByRole('link', { name: 'on call' }).click();
    await page.getByRole('link', { name: 'Edit' }).click();
    expect(await page.getByLabel('Access token', { exact: true }).inputValue()).toBe('');
    await page.getByLabel('Name', { exact: true }).fill('in the night');
    await page.getByLabel('Topic').fill('nights');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('heading', { name: 'in the night' }).waitFor();
    const { items } = await (
      await signIn(stack.apiUrl, 'ada', PASSWORD)
    ).get<Listed<object>>('/v1/channels');
    expect(items).toMatchObject([
      { name: 'in the night', settings: { url: `${target.url}/`, topic: 'nights', token: null } },
    ]);
  });

  test('what a channel need not have is taken away, and a template is shown and changed', async () => {
    const client = await signIn(stack.apiUrl, 'ada', PASSWORD);
    const settingsOf = async (name: string) => {
      const { items } =
        await client.get<Listed<{ name: string; settings: object }>>('/v1/channels');
      return items.find((channel) => channel.name === name)?.settings;
    };
    const edit = async (name: string) => {
      await open('Channels');
      await page.getByRole('link', { name }).click();
      await page.getByRole('link', { name: 'Edit' }).click();
    };
    const save = async (name: string) => {
      await page.getByRole('button', { name: 'Save' }).click();
      await page.getByRole('heading', { name, exact: true }).waitFor();
    };
    await edit('in the night');
    await page.getByLabel('Remove the access token').click();
    expect(await page.getByLabel('Access token', { exact: true }).isDisabled()).toBe(true);
    await save('in the night');
    expect(await settingsOf('in the night')).toEqual({ url: `${target.url}/`, topic: 'nights' });
    await client.post('/v1/channels', {
      kind: 'webhook',
      name: 'hook',
      settings: { url: target.url, template: { a: 1 } },
    });
    await edit('hook');
    const template = page.getByLabel('Template');
    expect(JSON.parse(await template.inputValue())).toEqual({ a: 1 });
    await template.fill('{"b": }');
    await page.getByRole('button', { name: 'Save' }).click();
    expect(
      await page.evaluate("document.querySelector('textarea[name=template]').validationMessage"),
    ).toMatch(/JSON/);
    await template.fill('{"b": "{{data.title}}"}');
    await save('hook');
    expect(await settingsOf('hook')).toMatchObject({ template: { b: '{{data.title}}' } });
    await edit('hook');
    await template.fill('');
    await save('hook');
    expect(await settingsOf('hook')).not.toHaveProperty('template');
  });

  test('a maintenance window is planned, and changed field by field', async () => {
    await open('Maintenance');
    await page.getByRole('button', { name: 'New window' }).click();
    await page.getByLabel('Name', { exact: true }).fill('Backups');
    await page.getByLabel('Begins').fill('2030-01-01T02:00');
    await page.getByRole('button', { name: 'Create window' }).click();
    await page.getByRole('link', { name: 'Edit Backups' }).click();
    await page.getByLabel('Repeats').selectOption('every week');
    await page.getByLabel('Duration in minutes').fill('90');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('row', { name: /Backups.*1 hr 30 min.*every week/ }).waitFor();
  });

  test('a status page shows it to anybody, without a script', async () => {
    await open('Status pages');
    await page.getByRole('link', { name: 'New status page' }).click();
    await page.getByLabel('Title').fill('Ada’s services');
    await page.getByLabel('Address').fill('ada');
    await page.getByLabel('shop').click();
    await page.getByRole('button', { name: 'Create page' }).click();
    await page.getByRole('link', { name: 'View' }).waitFor();
    const reader = await visit(browser, { javaScriptEnabled: false });
    await reader.page.goto(`${stack.apiUrl}/status/ada`);
    await reader.page.getByRole('heading', { name: 'Ada’s services' }).waitFor();
    expect(await reader.page.getByText('shop').count()).toBeGreaterThan(0);
    await reader.page.context().close();
  });

  test('a badge is shared, and answers no more once it is revoked', async () => {
    await open('Monitors');
    await page.getByRole('link', { name: 'shop', exact: true }).click();
    await page.getByRole('button', { name: 'Badge' }).click();
    expect(await page.getByLabel('Address of State', { exact: true }).count()).toBe(0);
    await page.getByRole('button', { name: 'Create or show addresses' }).click();
    const address = await page.getByLabel('Address of State', { exact: true }).inputValue();
    expect(await accessibilityFaults(page)).toEqual([]);
    expect(await (await fetch(address)).text()).toMatch(/<svg[^]*up/);
    await page.getByRole('button', { name: 'Revoke' }).click();
    await page
      .getByText(/Badge revoked/)
      .first()
      .waitFor();
    await until(
      async () => (await fetch(address)).status, // Of a crowd's answers the api keeps one for some seconds.
      (status) => status === 404,
    );
  });

  test('a monitor is deleted only after a question, which Escape answers with no', async () => {
    await page.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('alertdialog', { name: 'Delete shop?' }).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
    await page.getByText('No monitors yet').waitFor();
  });

  test('a status page takes any of many monitors: what is not listed is searched for', async () => {
    const client = await signIn(stack.apiUrl, 'ada', PASSWORD);
    for (let n = 1; n <= 12; n++) {
      const settings = { name: `shop ${n}`, url: `${target.url}/shop`, threshold: 2, paused: true };
      await client.post('/v1/monitors', settings);
    }
    await open('Status pages');
    await page.getByRole('link', { name: 'Ada’s services' }).click();
    await page.getByText('More monitors exist').waitFor();
    expect(await page.getByLabel('shop 12').count()).toBe(0);
    await page.getByLabel('Search monitors').fill('shop 12');
    await page.getByLabel('shop 12').click();
    await page.getByLabel('Search monitors').fill('');
    await page.getByLabel('shop 3').click();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved.').first().waitFor();
    const { items } =
      await client.get<Listed<{ groups: { monitorIds: string[] }[] }>>('/v1/status-pages');
    const ids = items[0]?.groups[0]?.monitorIds ?? [];
    const chosen = await Promise.all(
      ids.map((id) => client.get<{ name: string }>(`/v1/monitors/${id}`)),
    );
    expect(chosen.map(({ name }) => name)).toEqual(['shop 12', 'shop 3']);
  });

  test('logging out ends the session at the API, and no script was refused or failed', async () => {
    const token = String(
      await page.evaluate("JSON.parse(localStorage.getItem('gomon.session')).token"),
    );
    await page.getByRole('button', { name: 'Log out' }).click();
    await page.getByRole('heading', { name: 'Log in' }).waitFor();
    const { status } = await fetch(`${stack.apiUrl}/v1/users/me`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(status).toBe(401);
    expect(visited.faults).toEqual([]);
  });
});
