'use strict';
// Updates that Telegram delivers instead of being asked for them: the secret, duplicates, reordering, restarts, and the
// way back to polling, where the same must hold.

const assert = require('node:assert');
const fs = require('node:fs');
const net = require('node:net');
const os = require('node:os');
const path = require('node:path');
const { after, before, test } = require('node:test');

const { Program } = require('./programs');
const { Chat, until } = require('./telegram-emulator/chat');
const { startEmulator } = require('./telegram-emulator/emulator');
const { deliver } = require('./telegram-emulator/lib/webhook');

let emulator;
let folder;
let hub;
let port;
let owner;

// A port that is free now: the hub must be told its own address before it listens.
const freePort = () => new Promise((resolve) => {
  const server = net.createServer().listen(0, '127.0.0.1', () => {
    const chosen = server.address().port;
    server.close(() => resolve(chosen));
  });
});

async function startHub({ webhook = true } = {}) {
  const args = ['serve', '--data', folder, '--listen', `127.0.0.1:${port}`, '--time-zone', 'UTC'];
  if (webhook) args.push('--telegram-webhook-url', `http://127.0.0.1:${port}`);
  hub = new Program('mps', args, { MPS_TELEGRAM_TOKEN: emulator.token, MPS_TELEGRAM_API_URL: emulator.url });
  await hub.wrote(/listening on http:\S+/);
}

// An update as Telegram would make it of what the owner wrote, without sending it.
const updateOf = (id, text) => ({
  update_id: id,
  message: {
    message_id: id,
    date: 1,
    text,
    chat: { id: 42, type: 'private' },
    from: { id: 42, is_bot: false, first_name: 'Ann', language_code: 'en' },
  },
});

const answers = () => owner.messages().map((m) => m.text);
const asked = (method) => emulator.state.calls.filter((c) => c.method === method);

before(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'mps-e2e-'));
  emulator = await startEmulator();
  port = await freePort();
  owner = new Chat(emulator, { userId: 42, name: 'Ann' });
  await startHub();
});

after(async () => {
  await hub.stop('SIGKILL');
  await emulator.stop();
  fs.rmSync(folder, { recursive: true, force: true });
});

test('the hub tells Telegram where to deliver, and is spoken with that way', async () => {
  await until('setWebhook', () => emulator.state.webhook);
  const [{ body }] = asked('setWebhook');
  assert.strictEqual(body.url, `http://127.0.0.1:${port}/telegram/webhook`);
  assert.strictEqual(body.max_connections, 1);
  assert.ok(body.secret_token.length >= 32);
  const [, code] = await hub.wrote(/t\.me\/mps_test_bot\?start=(\S+)/);
  await owner.ask(`/start ${code}`, 'a welcome', (m) => /Welcome, Ann/.test(m.text));
  const list = await owner.ask('/settings', 'the settings', (m) => /Language: English/.test(m.text));
  const press = await owner.press(list, 'Русский');
  await owner.answered(press);
  await owner.edited(list, (m) => /Язык: Русский/.test(m.text));
  await owner.ask('/settings language en', 'English', (m) => /Language: English/.test(m.text));
});

test('who does not know the secret is refused, and nothing happens', async () => {
  const { webhook } = emulator.state;
  const before = answers().length;
  for (const secret of ['', 'x', webhook.secret.slice(1), `${webhook.secret}x`]) {
    assert.strictEqual(await deliver(webhook, updateOf(90001, '/about'), secret), 403);
  }
  const nonsense = await fetch(webhook.url, {
    method: 'POST', body: 'nonsense', headers: { 'X-Telegram-Bot-Api-Secret-Token': webhook.secret } });
  assert.strictEqual(nonsense.status, 400);
  assert.strictEqual((await fetch(webhook.url)).status, 405);
  await owner.ask('/help', 'help', (m) => /\/servers/.test(m.text));
  assert.strictEqual(answers().length, before + 1);
});

test('an update is handled once: duplicates, reordering, and a SIGKILL between them', async () => {
  const { webhook } = emulator.state;
  emulator.state.updatesHeld = true;
  const from = answers().length;
  const id = 500000;
  const order = [id, id + 2, id, id + 1, id + 2, id + 1];
  for (const each of order) assert.strictEqual(await deliver(webhook, updateOf(each, `/status nobody-${each}`)), 200);
  const texts = () => answers().slice(from);
  await until('three answers', () => texts().length >= 3);
  await hub.stop('SIGKILL');
  await startHub();
  for (const each of order) assert.strictEqual(await deliver(webhook, updateOf(each, `/status nobody-${each}`)), 200);
  await deliver(webhook, updateOf(id + 3, '/about'));
  await until('the hub', () => texts().some((text) => /^MPS /.test(text)));
  assert.strictEqual(texts().length, 4, texts().join('\n'));
});

test('what was written while the hub was down is answered when it is back', async () => {
  emulator.server.updateId = 600000; // after those of the test before
  emulator.state.updatesHeld = false;
  await hub.stop('SIGKILL');
  await owner.say('/about');
  await until('a failed delivery', () => emulator.state.delivered.some(({ status }) => status === 0));
  await startHub();
  await owner.next('the hub', (m) => /^MPS /.test(m.text));
});

test('without the option the hub takes the webhook away, and asks for updates again', async () => {
  await hub.stop();
  await startHub({ webhook: false });
  await until('deleteWebhook', () => !emulator.state.webhook, 20000);
  await owner.ask('/about', 'the hub', (m) => /^MPS /.test(m.text));
  const closed = await fetch(`http://127.0.0.1:${port}/telegram/webhook`, { method: 'POST', body: '{}' });
  assert.strictEqual(closed.status, 404);
});

test('asked for, too, an update is handled once and in its place: duplicates, reordering, and a SIGKILL between', async () => {
  const { state } = emulator;
  state.updatesMixed = true;
  const from = answers().length;
  const texts = () => answers().slice(from);
  const sayAtOnce = async (names) => {
    state.updatesHeld = true;
    for (const name of names) await owner.say(`/settings zone ${name}`);
    state.updatesHeld = false;
    await until(`an answer about ${names.at(-1)}`, () => texts().some((text) => text.includes(names.at(-1))));
  };
  await sayAtOnce(['nobody-1', 'nobody-2', 'nobody-3']);
  await hub.stop('SIGKILL');
  await startHub({ webhook: false });
  await sayAtOnce(['nobody-4', 'nobody-5']);
  assert.ok(state.confirmed.length >= 3, 'something was told again');
  assert.deepStrictEqual(texts().map((text) => /nobody-(\d)/.exec(text)[1]), ['1', '2', '3', '4', '5']);
  state.updatesMixed = false;
});

test('the bot never broke a rule of the Bot API', () => {
  assert.deepStrictEqual(emulator.state.violations, []);
});
