// /docs in headless Chromium: Swagger UI served by the hub itself, with a 'try it out' that works. MPS_REST_PICTURES=FOLDER keeps
// a picture of it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { addServer, clientOf, startHub } from './hub.mjs';

const kChromium = process.env.CHROMIUM ?? '/usr/bin/chromium';
const kFlags = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
const kPatience = 120_000;

let hub, browser, page;
const complaints = [], elsewhere = [];

before(async () => {
  hub = await startHub();
  await addServer(await clientOf(hub), 'web-01');
  browser = await chromium.launch({ executablePath: kChromium, args: kFlags });
  page = await browser.newPage({ viewport: { width: 1280, height: 1600 } });
  page.setDefaultTimeout(kPatience);
  page.on('console', (m) => m.type() === 'error' && complaints.push(m.text()));
  page.on('pageerror', (e) => complaints.push(e.message));
  page.on('request', (r) => r.url().startsWith(hub.url) || r.url().startsWith('data:') || elsewhere.push(r.url()));
  await page.goto(`${hub.url}/docs`);
});
after(async () => {
  await browser.close();
  await hub.stop();
});

const operation = (method, path) => page.locator('.opblock', { has: page.locator(`.opblock-summary-path[data-path="${path}"]`) }).filter({ has: page.locator('.opblock-summary-method', { hasText: method }) });

test('shows every chapter of the document', async () => {
  await page.locator('.opblock-tag').first().waitFor();
  const chapters = await page.locator('.opblock-tag').evaluateAll((all) => all.map((each) => each.dataset.tag));
  for (const chapter of ['servers', 'metrics', 'rules', 'incidents', 'silences', 'people', 'tokens']) assert.ok(chapters.includes(chapter), chapter);
  assert.match(await page.locator('.info .title').innerText(), /MPS hub/);
});

test('tries a route out without a token, and one that changes something with one', async () => {
  const list = operation('GET', '/api/v1/servers');
  await list.locator('.opblock-summary-control').click();
  await list.locator('button.execute').click();
  await list.locator('.live-responses-table .response-col_status', { hasText: '200' }).first().waitFor();
  assert.match(await list.locator('.live-responses-table .highlight-code').first().innerText(), /"name": "web-01"/);

  await page.locator('button.authorize').first().click();
  await page.locator('.auth-container', { hasText: 'apiToken' }).locator('input').first().fill(hub.tokens.admin);
  await page.locator('.auth-container', { hasText: 'apiToken' }).locator('button.authorize').first().click();
  await page.locator('button.btn-done').first().click();
  const add = operation('POST', '/api/v1/servers');
  await add.locator('.opblock-summary-control').click();
  await add.locator('textarea').fill('{"name": "db-01"}');
  await add.locator('button.execute').click();
  await add.locator('.live-responses-table .response-col_status', { hasText: '201' }).first().waitFor();
  const { servers } = await (await fetch(`${hub.url}/api/v1/servers`)).json();
  assert.deepEqual(servers.map((server) => server.name), ['db-01', 'web-01']);
  if (process.env.MPS_REST_PICTURES) await page.screenshot({ path: join(process.env.MPS_REST_PICTURES, 'docs.png') });
});

test('asked nobody but the hub, and had nothing to complain about', () => {
  assert.deepEqual(elsewhere, []);
  assert.deepEqual(complaints, []);
});
