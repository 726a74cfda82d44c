'use strict';
// Messages, counted: the real hub, killed and without Telegram in between, and every call held to the Bot API's rules.
// Three hours with a repeat every 30 minutes are scaled to seconds here; src/service/messages_test.cpp lives through
// them in full, on a clock of its own.

const assert = require('node:assert');
const { createHmac } = require('node:crypto');
const fs = require('node:fs');
const http = require('node:http');
const os = require('node:os');
const path = require('node:path');
const { after, before, test } = require('node:test');

const { Program, run } = require('./programs');
const { Chat, sleep, until } = require('./telegram-emulator/chat');
const { startEmulator } = require('./telegram-emulator/emulator');

const SECRET = 'a secret of the test';

let emulator;
let folder;
let hub;
let hubUrl;
let owner;
let hook; // {url, posts}

async function startHub() {
  hub = new Program('mps', ['serve', '--data', folder, '--listen', '127.0.0.1:0', '--time-zone', 'UTC'], {
    MPS_TELEGRAM_TOKEN: emulator.token,
    MPS_TELEGRAM_API_URL: emulator.url,
    MPS_WEBHOOK_URL: hook.url,
    MPS_WEBHOOK_SECRET: SECRET,
  });
  [, hubUrl] = await hub.wrote(/listening on (http:\S+)/);
}

async function startHook() {
  const posts = [];
  const server = http.createServer((req, res) => {
    const pieces = [];
    req.on('data', (piece) => pieces.push(piece));
    req.on('end', () => {
      const body = Buffer.concat(pieces);
      posts.push({ headers: req.headers, body, json: JSON.parse(body) });
      res.statusCode = posts.length === 1 ? 503 : 204; // the first one is refused, and must come again
      res.end();
    });
  });
  await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  return { url: `http://127.0.0.1:${server.address().port}/`, posts, server };
}

const mps = (...args) => run('mps', [...args, '--data', folder]);
const nowSeconds = () => Math.floor(Date.now() / 1000);

async function write(token, lines) {
  const headers = { Authorization: `Token ${token}` };
  const response = await fetch(`${hubUrl}/api/v2/write?precision=s`, { method: 'POST', headers, body: lines });
  assert.strictEqual(response.status, 204, await response.text());
}

// Sends what `lines` gives, four times a second, whether or not the hub is up, until it is stopped.
function pushing(token, lines) {
  let stopped = false;
  const loop = (async () => {
    while (!stopped) {
      await write(token, lines()).catch(() => {});
      await sleep(250);
    }
  })();
  return async () => {
    stopped = true;
    await loop;
  };
}

// Messages that Telegram took and the hub noted.
async function delivered() {
  const metrics = await (await fetch(`${hubUrl}/metrics`)).text();
  return Number(/mps_delivery_delivered_total\{channel="telegram"\} (\d+)/.exec(metrics)[1]);
}

const tokenOf = (text) => text.trim();
const calls = (method, from = 0) => emulator.state.calls.slice(from).filter((c) => c.method === method && c.accepted);

before(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'mps-e2e-'));
  emulator = await startEmulator();
  hook = await startHook();
  owner = new Chat(emulator, { userId: 42, name: 'Ann' });
  await startHub();
  const [, code] = await hub.wrote(/t\.me\/mps_test_bot\?start=(\S+)/);
  await owner.ask(`/start ${code}`, 'a welcome', (m) => /Welcome, Ann/.test(m.text));
});

after(async () => {
  await hub.stop('SIGKILL');
  await emulator.stop();
  hook.server.close();
  fs.rmSync(folder, { recursive: true, force: true });
});

test('a breach is 1 message, 5 replies and 1 edit, across two SIGKILLs and a Telegram that fails', async () => {
  const token = tokenOf(await mps('server', 'add', 'web'));
  await mps('rule', 'set', '--server', 'web', '--resource', 'cpu', '--above', '90', '--for', '1s', '--repeat', '3s');
  let idle = 3;
  const stop = pushing(token, () => `cpu,cpu=cpu-total usage_idle=${idle} ${nowSeconds()}`);
  const about = () => owner.messages().filter((m) => /web: CPU is/.test(m.text));
  const alert = await until('the alert', () => about()[0], 30000);
  assert.strictEqual(alert.replyTo, undefined);
  await until('the note of it', async () => (await delivered()) >= 1);
  await hub.stop('SIGKILL');
  await startHub();
  await until('the first reply', () => about()[1], 30000);
  const { faults } = emulator.state;
  faults.push({ method: 'sendMessage', times: 1, status: 500 });
  faults.push({ method: 'sendMessage', times: 1, status: 429, parameters: { retry_after: 1 } });
  faults.push({ method: 'sendMessage', times: 2, drop: true });
  await until('the third reply', () => about()[3], 30000);
  await hub.stop('SIGKILL');
  await startHub();
  const isAgain = (m) => /Perhaps you have this twice/.test(m.text);
  await until('the fifth reply', () => about().filter((m) => !isAgain(m))[5], 30000);
  idle = 95;
  const over = await owner.edited(alert, (m) => /is back to 5/.test(m.text));
  await sleep(4000); // a sixth reply would have come by now
  await stop();
  assert.strictEqual(over.edits, 1);
  const replies = about().slice(1);
  const twice = replies.filter(isAgain);
  assert.ok(twice.length <= 1, 'one at the kill in the middle of everything at most, and it says why');
  assert.strictEqual(replies.length - twice.length, 5, about().map((m) => m.text).join('\n'));
  for (const reply of replies) {
    assert.match(reply.text, /still over 90 %/);
    assert.strictEqual(reply.replyTo, alert.id);
  }
  assert.ok(!faults.some((f) => f.times > 0), 'all of the faults happened');
});

test('the webhook got every step, signed, and again what it refused', async () => {
  await until('the last post', () => hook.posts.some((p) => p.json.event === 'resolved'));
  for (const post of hook.posts) {
    const digest = createHmac('sha256', SECRET).update(post.body).digest('hex');
    assert.strictEqual(post.headers['x-mps-signature'], `sha256=${digest}`);
  }
  const [refused, again] = hook.posts;
  assert.strictEqual(refused.headers['x-mps-delivery'], again.headers['x-mps-delivery']);
  const steps = new Map(hook.posts.map((p) => [p.headers['x-mps-delivery'], p.json.event]));
  assert.deepStrictEqual([...steps.values()],
    ['fired', 'repeated', 'repeated', 'repeated', 'repeated', 'repeated', 'resolved']);
});

test('a server that was silent tells afterwards what it went through, and raises no alarm for it', async () => {
  const token = tokenOf(await mps('server', 'add', 'cut'));
  await mps('rule', 'set', '--server', 'cut', '--resource', 'cpu', '--above', '90', '--for', '1s');
  await mps('rule', 'set', '--server', 'cut', '--no-data', '--for', '10s');
  const about = () => owner.messages().filter((m) => /cut/.test(m.text));
  const stop = pushing(token, () => `cpu,cpu=cpu-total usage_idle=80 ${nowSeconds()}`);
  await sleep(5000);
  await stop();
  const cutAt = nowSeconds();
  const silent = await until('the silence', () => about()[0], 30000);
  assert.match(silent.text, /cut: silent since \d\d:\d\d/);
  // What it kept: three seconds over the threshold, and well again.
  const kept = Array.from({ length: nowSeconds() - cutAt }, (_, i) =>
    `cpu,cpu=cpu-total usage_idle=${i >= 2 && i < 5 ? 3 : 80} ${cutAt + 1 + i}`);
  await write(token, kept.join('\n'));
  const again = pushing(token, () => `cpu,cpu=cpu-total usage_idle=80 ${nowSeconds()}`);
  await owner.edited(silent, (m) => /cut: sends again/.test(m.text));
  const summary = await until('the summary', () => about()[1], 30000);
  assert.match(summary.text, /While cut was silent:\nCPU was over 90 % from \d\d:\d\d to \d\d:\d\d$/);
  assert.strictEqual(summary.replyTo, silent.id);
  await sleep(2500);
  await again();
  assert.strictEqual(about().length, 2, about().map((m) => m.text).join('\n'));
});

test('a server that is removed leaves no message that still fires', async () => {
  const token = tokenOf(await mps('server', 'add', 'old'));
  await mps('rule', 'set', '--server', 'old', '--resource', 'cpu', '--above', '90', '--for', '1s');
  const stop = pushing(token, () => `cpu,cpu=cpu-total usage_idle=3 ${nowSeconds()}`);
  const alert = await until('the alert', () => owner.messages().find((m) => /old: CPU is/.test(m.text)), 30000);
  await mps('server', 'remove', 'old');
  await stop();
  const removed = await owner.edited(alert, (m) => /old: the server was removed/.test(m.text));
  assert.match(removed.text, /CPU was over 90 % from/);
  assert.doesNotMatch(await mps('incident', 'list'), /\told\t/);
});

test('a storm of 1,000 servers is a message that becomes a list, and a file', async () => {
  const fleet = tokenOf(await mps('fleet-token', 'add', 'rack'));
  await mps('rule', 'set', '--all', '--resource', 'ram', '--above', '90', '--for', '1s', '--repeat', '1h');
  const begin = emulator.state.calls.length;
  const startedAt = Date.now();
  const stop = pushing(fleet, () => {
    const at = nowSeconds();
    return Array.from({ length: 1000 }, (_, i) => `mem,host=h${i} used_percent=95 ${at}`).join('\n');
  });
  const list = await until('a list of all', () => owner.messages().find((m) => /1000 of 100[0-2] servers: RAM/.test(m.text)), 40000);
  await stop();
  assert.match(list.text, /since \d\d:\d\d\n… and 9\d\d more$/, 'cut between alerts, never inside one');
  const sends = ['sendMessage', 'sendPhoto', 'sendDocument'].flatMap((m) => calls(m, begin));
  assert.ok(sends.filter((c) => c.at < startedAt + 60000).length <= 3, `${sends.length} messages`);
  const edits = ['editMessageText', 'editMessageCaption', 'editMessageMedia'].flatMap((m) => calls(m, begin));
  assert.ok(edits.length <= 13, `${edits.length} edits`);  // none where all of them fired in one round
  const { toast } = await owner.answered(await owner.press(list, 'Acknowledge all 1000'));
  assert.match(toast, /Acknowledged: 1000/);
});

test('in quiet hours nothing comes, and a digest at their end', async () => {
  const token = tokenOf(await mps('server', 'add', 'night'));
  await mps('rule', 'set', '--server', 'night', '--resource', 'load', '--above', '5', '--for', '1s');
  const hour = new Date().getUTCHours();
  const clock = (h) => `${String((h + 24) % 24).padStart(2, '0')}:00`;
  await owner.ask(`/quiet ${clock(hour - 1)} ${clock(hour + 2)} UTC`, 'quiet hours', (m) => /Quiet hours: /.test(m.text));
  const before = owner.messages().length;
  const stop = pushing(token, () => `system load1=9 ${nowSeconds()}`);
  await until('the incident', async () => /night/.test(await mps('incident', 'list')), 30000);
  await sleep(2500);
  assert.strictEqual(owner.messages().length, before);
  await mps('quiet', 'remove', '--chat', '42');
  const digest = await until('the digest', () => owner.messages().find((m) => /Quiet hours are over/.test(m.text)), 40000);
  await stop();
  assert.match(digest.text, /1 fired, 0 healed, 1 still fires\n.*night Load 9/);
});

test('the command line acknowledges, and silences', async () => {
  const [, id] = /^(\d+)\tfiring\t.*\tnight\tload\t/m.exec(await mps('incident', 'list'));
  assert.match(await mps('incident', 'acknowledge', id, '--who', 'Bob'), /acknowledged/);
  await until('the edit', () => owner.messages().some((m) => /acknowledged by Bob/.test(m.text)));
  assert.match(await mps('incident', 'show', id), /\tpending\t-\n.*\tfiring\t-\n.*\tacknowledged\tBob/);
  const added = await mps('silence', 'add', '--server', 'night', '--for', '1h', '--why', 'tests');
  const shown = await owner.ask('/silence', 'the silences', (m) => /Silences/.test(m.text));
  assert.match(shown.text, /night.*tests/);
  await mps('silence', 'remove', added.split('\t')[0]);
  assert.strictEqual(await mps('silence', 'list'), '');
});

test('/health and /metrics know how delivery goes', async () => {
  const health = await (await fetch(`${hubUrl}/health`)).json();
  assert.strictEqual(health.delivery.chats_gone, 0);
  const metrics = await (await fetch(`${hubUrl}/metrics`)).text();
  assert.match(metrics, /mps_delivery_delivered_total\{channel="telegram"\} [1-9]/);
  assert.match(metrics, /mps_delivery_delay_seconds_total\{channel="webhook"\} \d/);
});

test('the bot never broke a rule of the Bot API', () => {
  assert.deepStrictEqual(emulator.state.violations, []);
});
