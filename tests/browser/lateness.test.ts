import { startTarget, type Target } from '@gomon/test-support';
import { expect, test, type Browser } from '@playwright/test';
import { signIn } from '../../tools/local-stack/demo/api-client.ts';
import { startTestStack, type RunningStack } from '../e2e/stack.ts';
import { accessibilityFaults, logIn, needChromium, PASSWORD, visit } from './visit.ts';

const USERNAME = 'ada';

test.describe('the dashboard does not pass off what it knew for what is', () => {
  needChromium();
  let stack: RunningStack;
  let target: Target;
  let browser: Browser;
  test.beforeAll(async ({ browser: started }) => {
    browser = started;
    target = await startTarget();
    stack = await startTestStack(1, 1);
    const client = await signIn(stack.apiUrl, USERNAME, PASSWORD);
    await client.post('/v1/monitors', {
      name: 'shop',
      url: `${target.url}/shop`,
      intervalSeconds: 1,
      threshold: 2,
      timeoutMs: 500,
    });
  });
  test.afterAll(async () => {
    await stack?.close();
    await target?.stop();
  });

  const openList = async () => {
    const { page } = await visit(browser, { viewport: { width: 1280, height: 800 } });
    await page.goto(`${stack.apiUrl}/login`);
    await logIn(page, USERNAME);
    await page.getByRole('link', { name: 'shop', exact: true }).waitFor();
    return page;
  };

  test('it says so while the API cannot be reached, from when its content is, and is live again afterwards', async () => {
    const page = await openList();
    await page.getByText('Live', { exact: true }).waitFor();
    await page.context().route('**/v1/**', (route) => route.abort('connectionrefused'));
    await page
      .getByText(/^Cannot reach GoMon\. Showing what was known at \d\d:\d\d:\d\d\. Retrying\.$/)
      .waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    expect(await page.getByText('Live', { exact: true }).count()).toBe(0);
    await page.getByText('Offline, retrying').waitFor();
    await page.context().unroute('**/v1/**');
    await page.getByText('Live', { exact: true }).waitFor();
    expect(await page.getByText('Cannot reach GoMon').count()).toBe(0);
    await page.context().close();
  });

  test('it says on every page why checks are late, and not that it is live', async () => {
    const page = await openList();
    const late = {
      status: 'degraded',
      lastDispatchedAgeSeconds: 1,
      queueAgeSeconds: 76,
      ingestDelaySeconds: 0,
      probersSeen: 0,
    };
    await page.route('**/v1/status', (route) =>
      route.fulfill({ json: { ...late, checkedAt: new Date().toISOString() } }),
    );
    await page.getByText('No prober can check').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    expect(await page.getByText('Live', { exact: true }).count()).toBe(0);
    await page.getByRole('link', { name: 'Alerts' }).click();
    await page.getByRole('heading', { name: 'Alerts', exact: true }).waitFor();
    await page.getByText('No prober can check').waitFor();
    await page.context().close();
  });

  test('a path that there is not is a page of the dashboard', async () => {
    const { page } = await visit(browser, {});
    const answer = await page.goto(`${stack.apiUrl}/nope`);
    expect(answer?.status()).toBe(404);
    await page.getByText('Page not found').waitFor();
    await page.context().close();
  });
});
