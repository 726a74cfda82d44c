'use strict';
// The whole way with the real programs: /proc -> agent -> hub -> Telegram (emulated) -> person, and back.

const assert = require('node:assert');
const { createHash } = require('node:crypto');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { after, before, test } = require('node:test');

const { historyCsv } = require('./history');
const machine = require('./machine');
const { Program, run } = require('./programs');
const { Chat, sleep, until } = require('./telegram-emulator/chat');
const { startEmulator } = require('./telegram-emulator/emulator');

const PICTURES = process.env.MPS_E2E_PICTURES; // a folder to keep the pictures in, for looking at

let emulator;
let folder;
let hub;
let hubUrl;
let agent;
let owner;
let stranger;

async function startHub() {
  hub = new Program('mps', ['serve', '--data', folder, '--listen', '127.0.0.1:0', '--time-zone', 'Europe/Berlin'], {
    MPS_TELEGRAM_TOKEN: emulator.token,
    MPS_TELEGRAM_API_URL: emulator.url,
  });
  [, hubUrl] = await hub.wrote(/listening on (http:\S+)/);
}

const mps = (...args) => run('mps', [...args, '--data', folder]);

async function push(token, line) {
  const headers = { Authorization: `Token ${token}` };
  const response = await fetch(`${hubUrl}/api/v2/write?precision=s`, { method: 'POST', headers, body: line });
  assert.strictEqual(response.status, 204, await response.text());
}

function keepPicture(name, photo) {
  if (!PICTURES) return;
  fs.mkdirSync(PICTURES, { recursive: true });
  fs.writeFileSync(path.join(PICTURES, `${name}.png`), photo.content);
}

const withPhoto = (message) => message.photo !== undefined;
const withText = (pattern) => (message) => pattern.test(message.text);

// The number behind a title in a status: "CPU: 12.3 %" -> 12.3.
function figure(text, title) {
  const found = new RegExp(`^${title}: (-?[\\d.]+)`, 'm').exec(text);
  assert.ok(found, `no ${title} in:\n${text}`);
  return Number(found[1]);
}

// Waits until all rules were evaluated that many times more.
async function ruleRounds(count) {
  const rounds = async () => {
    const response = await fetch(`${hubUrl}/metrics`);
    return Number(/^mps_alert_rounds_total (\d+)/m.exec(await response.text())[1]);
  };
  const begin = await rounds();
  await until(`${count} rounds of the rules`, async () => (await rounds()) >= begin + count, 60000);
}

async function connect(name) {
  const answer = await owner.ask(`/connect ${name}`, 'a token', withText(/is registered/));
  const [, token] = /<code>([^<]+)<\/code>/.exec(answer.html);
  const conf = await owner.next('a telegraf.conf', (m) => m.document);
  return { answer, token, conf: conf.document };
}

before(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'mps-e2e-'));
  emulator = await startEmulator();
  owner = new Chat(emulator, { userId: 42, name: 'Ann' });
  stranger = new Chat(emulator, { userId: 66, name: 'Mallory' });
  await startHub();
});

after(async () => {
  for (const program of [agent, hub]) if (program) await program.stop('SIGKILL');
  await emulator.stop();
  fs.rmSync(folder, { recursive: true, force: true });
});

test('before pairing, everybody gets one polite refusal and sees nothing', async () => {
  const refusal = await stranger.ask('/servers');
  assert.match(refusal.text, /don't know you yet/);
  await stranger.say('/status');
  await stranger.ask('/start wrong-code-1', 'a refusal of the code', withText(/does not open/));
  assert.strictEqual(stranger.messages().length, 2);
});

test('the first who sends the printed code becomes the owner', async () => {
  const [, code] = await hub.wrote(/t\.me\/mps_test_bot\?start=(\S+)/);
  await owner.ask(`/start ${code}`, 'a welcome', withText(/Welcome, Ann/));
  await stranger.ask(`/start ${code}`, 'a refusal', withText(/does not open/));
  await owner.ask('/servers', 'an empty list', withText(/no server yet/));
});

test('/connect asks a name, and answers with token, telegraf.conf and the command of the agent', async () => {
  const question = await owner.ask('/connect');
  assert.strictEqual(question.markup.force_reply, true);
  const answer = await owner.ask('this <machine>', 'a token', withText(/this <machine> is registered/));
  const [, token] = /<code>([^<]+)<\/code>/.exec(answer.html);
  assert.ok(answer.text.includes(`mps-agent --hub ${hubUrl} --token ${token}`), answer.text);
  const { document } = await owner.next('a telegraf.conf', (m) => m.document);
  assert.strictEqual(document.name, 'telegraf.conf');
  assert.ok(document.content.toString().includes(`token = "${token}"`));
  agent = new Program('mps-agent', ['--hub', hubUrl, '--interval', '1s'], { MPS_TOKEN: token });
});

test('/status agrees with /proc at that moment', async () => {
  const first = await until('figures of this machine', async () => {
    const answer = await owner.ask('/status');
    return /^CPU:/m.test(answer.text) && /^Network in:/m.test(answer.text) && answer;
  });
  const cpu = new machine.CpuWatch();
  await sleep(4000);
  const pressed = await owner.press(first, 'Refresh');
  await owner.answered(pressed);
  const { text } = await owner.edited(first);
  const near = (title, expected, tolerance) =>
    assert.ok(Math.abs(figure(text, title) - expected) <= tolerance, `${title} is not near ${expected}:\n${text}`);
  near('RAM', machine.ramUsedPercent(), 5);
  near('Disk /', machine.diskUsedPercent('/'), 1);
  near('Load', machine.load1(), 1);
  const { min, max } = cpu.range(5);
  cpu.stop();
  assert.ok(figure(text, 'CPU') >= min - 5 && figure(text, 'CPU') <= max + 5, `CPU is not in ${min}..${max}:\n${text}`);
  const uptime = machine.uptimeSeconds();
  const minutes = (/Uptime: (?:(\d+)d ?)?(?:(\d+)h ?)?(?:(\d+)m)?/.exec(text) || []).slice(1).map((n) => Number(n || 0));
  const shown = minutes[0] * 86400 + minutes[1] * 3600 + minutes[2] * 60;
  assert.ok(Math.abs(shown - uptime) < (uptime > 86400 ? 7200 : 180), `uptime is not near ${uptime} s:\n${text}`);
  assert.match(text, /Data [0-4]s old/);
});

test('/graph sends a picture, and its buttons put another in its place', async () => {
  const graph = await owner.ask('/graph', 'a picture', withPhoto);
  keepPicture('graph-cpu', graph.photo);
  assert.ok(graph.photo.content.length > 5000, 'the picture is nearly empty');
  await owner.press(graph, 'RAM');
  const ram = await owner.edited(graph, withPhoto);
  keepPicture('graph-ram', ram.photo);
  const digest = (photo) => createHash('sha256').update(photo.content).digest('hex');
  assert.notStrictEqual(digest(ram.photo), digest(graph.photo));
});

test('/forecast shows a picture with MAE and RMSE beside the seasonal naive', async () => {
  const csv = path.join(folder, 'history.csv');
  fs.writeFileSync(csv, historyCsv(10, 7));
  await mps('import', '--server', 'past', '--csv', csv, '--shift-to-now');
  await mps('train', '--server', 'past');
  const forecast = await owner.ask('/forecast past cpu', 'a picture', withPhoto, 60000);
  keepPicture('forecast-cpu', forecast.photo);
  const [, mae, naiveMae] = /MAE ([\d.]+) % \(seasonal naive ([\d.]+) %\)/.exec(forecast.text);
  const [, rmse, naiveRmse] = /RMSE ([\d.]+) % \(seasonal naive ([\d.]+) %\)/.exec(forecast.text);
  assert.match(forecast.text, /Method: \S/);
  assert.ok(Number(rmse) >= Number(mae) && Number(naiveRmse) >= Number(naiveMae), forecast.text);
  assert.ok(Number(mae) > 0 && Number(mae) < 10, `an odd MAE for a rhythm with noise of 6:\n${forecast.text}`);
});

test('a server is picked by button where there are several', async () => {
  const list = await owner.ask('/servers', 'a list', withText(/^Servers: 2/));
  assert.match(list.text, /this <machine> - \ds ago/);
  const question = await owner.ask('/graph', 'a question', withText(/Which server/));
  await owner.press(question, 'past');
  await owner.next('a picture', withPhoto);
});

test('a breach is one living message: acknowledged in it, across a restart, and over in it', async () => {
  const { token } = await connect('breach');
  await mps('rule', 'set', '--server', 'breach', '--resource', 'cpu', '--above', '90', '--for', '2s');
  let idle = 3;
  let stopped = false;
  const seconds = () => Math.floor(Date.now() / 1000);
  const pushing = (async () => {
    while (!stopped) {
      await push(token, `cpu,cpu=cpu-total usage_idle=${idle} ${seconds()}`).catch(() => {}); // down while it restarts
      await sleep(250);
    }
  })();
  const about = () => owner.messages().filter((m) => /breach: CPU is/.test(m.text));
  const alert = await until('an alert', () => about()[0], 30000);
  keepPicture('incident', alert.photo);
  assert.match(alert.text, /is over 90 %/);
  assert.ok(alert.photo.content.length > 3000, 'the picture is nearly empty');
  const { toast } = await owner.answered(await owner.press(alert, 'Acknowledge'));
  assert.match(toast, /Acknowledged: 1/);
  const seen = await owner.edited(alert, (m) => /Acknowledged by Ann/.test(m.text));
  assert.ok(!seen.buttons.some((b) => b.text === 'Acknowledge'));
  const { toast: snooze } = await owner.answered(await owner.press(seen, '4 h'));
  assert.match(snooze, /Snoozed until \d\d:\d\d/);
  const snoozed = await owner.edited(seen, (m) => /Snoozed until \d\d:\d\d/.test(m.text));
  assert.strictEqual((await hub.stop()).code, 0);
  await startHub();
  await ruleRounds(4);
  assert.strictEqual(about().length, 1, 'the alert was repeated');
  idle = 95;
  const over = await owner.edited(snoozed, (m) => /is back to 5/.test(m.text));
  keepPicture('incident-over', over.photo);
  assert.match(over.text, /it was over 90 % from \d\d:\d\d.* for .*peak 97 %\s+Acknowledged by Ann/s);
  assert.deepStrictEqual(over.buttons.map((b) => b.text), ['Graph']);
  await ruleRounds(3);
  assert.strictEqual(about().length, 1, 'the end is an edit, not a message');
  stopped = true;
  await pushing;
});

test('/alerts lists nothing that fires, and the history with every step', async () => {
  await owner.ask('/alerts', 'that nothing fires', withText(/Nothing fires/));
  const history = await owner.ask('/alerts history', 'the last ones', withText(/breach CPU/));
  const [, id] = /(\d+): \S+ breach CPU/.exec(history.text);
  await owner.ask(`/alerts ${id}`, 'its life',
    withText(/pending.*firing.*acknowledged by Ann.*snoozed by Ann.*resolved/s));
});

test('faults of Telegram lose no answer', async () => {
  const { faults } = emulator.state;
  faults.push({ method: 'sendMessage', times: 1, status: 429, parameters: { retry_after: 1 } });
  await owner.ask('/help', 'help after a 429', withText(/\/connect NAME/));
  faults.push({ method: 'sendMessage', times: 1, status: 500 });
  await owner.ask('/help', 'help after a 500', withText(/\/connect NAME/));
  faults.push({ method: 'getUpdates', times: 2, drop: true });
  await owner.ask('/help', 'help after dropped polls', withText(/\/connect NAME/), 30000);
});

test('free text gets the nearest commands, an old button says that it expired', async () => {
  await owner.ask('statsu', 'a suggestion', withText(/\/status\?/));
  const list = await owner.ask('/servers');
  const { toast } = await owner.answered(await owner.pressData(list, 'forged data'));
  assert.match(toast, /no longer works/);
});

test('the hub ends at once in the middle of a long poll', async () => {
  const ended = await hub.stop();
  assert.strictEqual(ended.code, 0, hub.output);
  assert.ok(ended.ms < 5000, `it took ${ended.ms} ms of the poll's 50 s`);
});

test('the bot never broke a rule of the Bot API, never wrote to the stranger again, and never logged its token', () => {
  assert.deepStrictEqual(emulator.state.violations, []);
  assert.strictEqual(stranger.messages().filter((m) => m.photo || m.document || /breach|past|machine/.test(m.text)).length, 0);
  const unanswered = [...emulator.state.presses.values()].filter((press) => !press.answeredAt);
  assert.deepStrictEqual(unanswered, []);
  assert.ok(!hub.output.includes(emulator.token));
});
