// The dashboard in headless Chromium, on made-up figures.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { chromium } from 'playwright-core';
import { startHub } from './made_up_hub.mjs';

const kChromium = process.env.CHROMIUM ?? '/usr/bin/chromium';
const kFlags = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
const kPatience = 60_000;

let browser;
const opened = [];

before(async () => {
  browser = await chromium.launch({ executablePath: kChromium, args: kFlags });
});
after(() => browser.close());
afterEach(async () => {
  for (const { page, hub, complaints, expectComplaints } of opened.splice(0)) {
    await page.close();
    await hub.close();
    if (!expectComplaints) assert.deepEqual(complaints, [], 'the browser had nothing to complain about');
  }
});

// A page of a hub. `expectComplaints`: refused requests show in the browser's console.
async function open({ hub: hubOptions = {}, path = '#/web-01', width = 1280, scheme = 'light', expectComplaints = false } = {}) {
  const hub = await startHub(hubOptions);
  const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme: scheme });
  page.setDefaultTimeout(kPatience);
  const complaints = [];
  page.on('console', (m) => m.type() === 'error' && complaints.push(m.text()));
  page.on('pageerror', (e) => complaints.push(e.message));
  opened.push({ page, hub, complaints, expectComplaints });
  await page.goto(hub.url + path);
  return { page, hub };
}

const panel = (page, title) => page.locator('.panel', { has: page.locator('h2', { hasText: title }) });

test('shows every server and whether it is heard of', async () => {
  const { page } = await open();
  await page.locator('.server').first().waitFor();
  const texts = await page.locator('.server').allInnerTexts();
  assert.deepEqual(texts.map((t) => t.replace(/\s*\n\s*/, ': ')), [
    'backup-03: silent, 2 h ago',
    'db-01: up, 7 s ago',
    'new-box: never heard of',
    'web-01: up, 4 s ago',
  ]);
});

test('shows the servers of all pages', async () => {
  const { page } = await open({ hub: { pageSize: 1 } });
  await page.locator('.server').first().waitFor();
  assert.deepEqual(await page.locator('.server .name').allInnerTexts(), ['backup-03', 'db-01', 'new-box', 'web-01']);
  await panel(page, 'CPU').waitFor();
});

test('draws four graphs with figures and the errors of the forecasts', async () => {
  const { page } = await open();
  await panel(page, 'Network').locator('table').waitFor();
  assert.equal(await page.locator('.chart canvas').count(), 4);
  assert.match(await panel(page, 'CPU').locator('.key').innerText(), /^\d+ %$/);
  assert.match(await panel(page, 'Network').locator('.key').innerText(), /received [\d.]+ MB\/s\s+sent [\d.]+ MB\/s/);
  const rows = await panel(page, 'CPU').locator('tr').allInnerTexts();
  assert.deepEqual(rows.map((r) => r.split(/\s*\t\s*/)), [
    ['Forecast, next 24 h', 'MAE', 'RMSE'],
    ['combination', '2.1 %', '3.2 %'],
    ['same as a day ago', '3.4 %', '5.1 %'],
  ]);
});

test('tells figure, time and band under the pointer', async () => {
  const { page } = await open();
  await panel(page, 'CPU').locator('table').waitFor();
  const plot = panel(page, 'CPU').locator('.u-over');
  const box = await plot.boundingBox();
  await plot.hover({ position: { x: box.width * 0.25, y: 50 } });
  assert.match(await panel(page, 'CPU').locator('.time').innerText(), /\d\d:\d\d/);
  assert.match(await panel(page, 'CPU').locator('.key').innerText(), /^[\d.]+ %$/);
  await plot.hover({ position: { x: box.width * 0.75, y: 50 } });
  assert.match(await panel(page, 'CPU').locator('.key').innerText(), /^[\d.]+ % \([\d.]+ % to [\d.]+ %\)$/);
  assert.match(await panel(page, 'RAM').locator('.time').innerText(), /\d\d:\d\d/, 'the graphs share the pointer');
});

test('goes to another server, and asks for the horizon that fits the span', async () => {
  const { page } = await open();
  await panel(page, 'CPU').locator('table').waitFor();
  await page.locator('.server', { hasText: 'db-01' }).click();
  await page.locator('h1', { hasText: 'db-01' }).waitFor();
  assert.match(page.url(), /#\/db-01$/);
  const asked = page.waitForRequest(/db-01\/forecast\?horizon=1h/);
  await page.getByRole('button', { name: '1 h', exact: true }).click();
  await asked;
  await panel(page, 'CPU').locator('th', { hasText: 'next 1 h' }).waitFor();
});

test('says so where nothing is known yet', async () => {
  const { page } = await open({ path: '#/new-box', expectComplaints: true });
  await page.locator('.state', { hasText: 'never heard of' }).waitFor();
  assert.equal(await panel(page, 'CPU').locator('.key').innerText(), 'nothing yet');
  assert.equal(await page.locator('#spans [aria-pressed=true]').innerText(), '1 h', 'a day of a new server would be empty');
});

test('tells how to add the first server', async () => {
  const { page } = await open({ hub: { servers: false }, path: '' });
  await page.locator('h1', { hasText: 'No servers yet' }).waitFor();
  assert.match(await page.locator('pre').innerText(), /mps server add/);
});

test('says when the hub fails', async () => {
  const { page } = await open({ hub: { broken: true }, expectComplaints: true });
  await page.locator('#banner', { hasText: 'the hub failed at this' }).waitFor();
});

test('asks for the read token and goes on with it', async () => {
  const { page } = await open({ hub: { token: 'read-me' }, expectComplaints: true });
  await page.locator('#token').fill('read-me');
  await page.getByRole('button', { name: 'Show the figures' }).click();
  await panel(page, 'CPU').locator('table').waitFor();
});

test('fits a phone', async () => {
  const { page } = await open({ width: 390 });
  await panel(page, 'CPU').locator('table').waitFor();
  const [wide, inView] = await page.evaluate(() => [
    document.documentElement.scrollWidth,
    document.querySelector('[aria-current]').getBoundingClientRect().right <= innerWidth,
  ]);
  assert.equal(wide, 390, 'nothing sticks out');
  assert.ok(inView, 'the chosen server is in view');
});

test('is light or dark as the system says, or as the person chooses', async () => {
  const ground = (page) => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const { page } = await open({ scheme: 'dark' });
  await panel(page, 'CPU').locator('table').waitFor();
  const dark = await ground(page);
  await page.getByRole('button', { name: 'Theme: system' }).click();
  const light = await ground(page);
  assert.notEqual(light, dark);
  await page.reload();
  assert.equal(await ground(page), light, 'the choice is remembered');
  await page.getByRole('button', { name: 'Theme: light' }).click();
  assert.equal(await ground(page), dark);
});
