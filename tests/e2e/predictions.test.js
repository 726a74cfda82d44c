'use strict';
// A disk that fills up is foretold, and the foretelling is scored; one that is cleaned every night is not. The real hub
// looks once a minute and wants three looks to agree, so this takes some minutes, in which it mostly waits.

const assert = require('node:assert');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { after, before, test } = require('node:test');

const { Program, run } = require('./programs');
const { Chat, sleep, until } = require('./telegram-emulator/chat');
const { startEmulator } = require('./telegram-emulator/emulator');

const HOUR = 3600;
const DAYS = 10;
const LOOKS_MS = 6 * 60_000;
const BEGIN = Math.floor(Date.now() / 1000);

let emulator;
let folder;
let hub;
let hubUrl;
let owner;

const mps = (...args) => run('mps', [...args, '--data', folder]);

async function write(token, lines) {
  const headers = { Authorization: `Token ${token}` };
  const response = await fetch(`${hubUrl}/api/v2/write?precision=s`, { method: 'POST', headers, body: lines });
  assert.strictEqual(response.status, 204, await response.text());
}

const hoursSinceBegin = (seconds) => (seconds - BEGIN) / HOUR;

// 60 % for days; since seven hours it grows by 5 % an hour, and is at 95 % in six minutes.
const fillingAt = (seconds) => Math.max(60, 94.5 + 5 * hoursSinceBegin(seconds));

// From 62 to 94.9 % every day, and cleaned then, which it is the next time in a few minutes.
function cleanedAt(seconds) {
  const beforeCleaning = 0.1 - hoursSinceBegin(seconds);
  const sinceCleaning = (((24 - beforeCleaning) % 24) + 24) % 24;
  return 62 + (32.9 * sinceCleaning) / 24;
}

const disk = (used, seconds) => `disk,device=sda1,fstype=ext4,path=/ used_percent=${used.toFixed(3)} ${seconds}`;

async function addServer(name, usedAt) {
  const token = (await mps('server', 'add', name)).trim();
  const lines = [];
  for (let t = BEGIN - DAYS * 24 * HOUR; t < BEGIN; t += 300) lines.push(disk(usedAt(t), t));
  for (let i = 0; i < lines.length; i += 1000) await write(token, lines.slice(i, i + 1000).join('\n'));
  return token;
}

before(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'mps-e2e-'));
  emulator = await startEmulator();
  owner = new Chat(emulator, { userId: 42, name: 'Ann' });
  hub = new Program('mps', ['serve', '--data', folder, '--listen', '127.0.0.1:0', '--time-zone', 'UTC'], {
    MPS_TELEGRAM_TOKEN: emulator.token,
    MPS_TELEGRAM_API_URL: emulator.url,
  });
  [, hubUrl] = await hub.wrote(/listening on (http:\S+)/);
  const [, code] = await hub.wrote(/t\.me\/mps_test_bot\?start=(\S+)/);
  await owner.ask(`/start ${code}`, 'a welcome', (m) => /Welcome, Ann/.test(m.text));
});

after(async () => {
  await hub.stop('SIGKILL');
  await emulator.stop();
  fs.rmSync(folder, { recursive: true, force: true });
});

test('a disk that fills up is foretold, and the foretelling is scored; a cleaned one is not', async () => {
  // The thresholds themselves would speak of both disks.
  for (const severity of ['warning', 'critical'])
    await mps('rule', 'set', '--all', '--resource', 'disk', '--severity', severity, '--off');
  await mps('rule', 'set', '--all', '--resource', 'disk', '--above', '95', '--clear', '90', '--within', '12m');
  const filling = await addServer('filling', fillingAt);
  const cleaned = await addServer('cleaned', cleanedAt);
  let usedNow = fillingAt;
  let stopped = false;
  const pushing = (async () => {
    while (!stopped) {
      const now = Math.floor(Date.now() / 1000);
      await write(filling, disk(usedNow(now), now));
      await write(cleaned, disk(cleanedAt(now), now));
      await sleep(2000);
    }
  })();
  const about = (server) => owner.messages().filter((m) => m.text.includes(`${server}: `));
  try {
    const card = await until('the prediction', () => about('filling')[0], LOOKS_MS);
    assert.match(card.text, /filling: Disk \/ over 95 % at \d\d:\d\d \(80 %: \d\d:\d\d - \d\d:\d\d\)\nnow 95 %/);
    usedNow = () => 96;
    await until('the score', async () => /1 came true, 0 did not, 0 open/.test(await mps('status')), LOOKS_MS);
    assert.strictEqual(about('filling')[0].edits, 0, 'it stays as it is while the disk is full');
    await sleep(65_000); // a look at the full disk
    usedNow = () => 40;
    const over = await until('the end of it', () => about('filling').find((m) => m.edits > 0), LOOKS_MS);
    assert.strictEqual(over.id, card.id);
    assert.match(over.text, /filling: Disk \/ was over 95 %, as foreseen, and is back to 40 %\nforeseen from /);
  } finally {
    stopped = true;
    await pushing;
  }
  assert.strictEqual(about('filling').length, 1);
  assert.deepStrictEqual(about('cleaned').map((m) => m.text), []);
  assert.deepStrictEqual(emulator.state.violations, []);
});
