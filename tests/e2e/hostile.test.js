'use strict';
// Names that people, or somebody worse, may give: markup, emoji, right to left, two hundred characters. Every screen
// that shows them, in both languages, by an emulator that refuses what the Bot API would refuse; and faults meanwhile.

const assert = require('node:assert');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { after, before, test } = require('node:test');

const { Program, run } = require('./programs');
const { Chat } = require('./telegram-emulator/chat');
const { startEmulator } = require('./telegram-emulator/emulator');

const NAMES = [
  '<b>bold</b> & <script>alert(1)</script>',
  '_under_ *star* [link](http://x) `code`',
  '🙂🚀👩‍👩‍👧‍👦 cluster',
  'خادم قاعدة البيانات ‮gnp.exe',
  '../../etc/passwd',
  '&lt;already&gt; "quoted" \'twice\'',
  'x'.repeat(200),
  'щ'.repeat(100),
];
const COMMANDS = ['/status', '/graph', '/forecast', '/thresholds', '/export', '/report', '/servers'];

let emulator;
let folder;
let hub;
let owner;

before(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'mps-e2e-'));
  emulator = await startEmulator();
  hub = new Program('mps', ['serve', '--data', folder, '--listen', '127.0.0.1:0', '--time-zone', 'UTC'], {
    MPS_TELEGRAM_TOKEN: emulator.token,
    MPS_TELEGRAM_API_URL: emulator.url,
  });
  const [, hubUrl] = await hub.wrote(/listening on (http:\S+)/);
  owner = new Chat(emulator, { userId: 42, name: '<i>Ann</i> & 🙂' });
  const [, code] = await hub.wrote(/t\.me\/mps_test_bot\?start=(\S+)/);
  await owner.ask(`/start ${code}`, 'a welcome', (m) => m.text.includes('Welcome, <i>Ann</i> & 🙂'));
  const now = Math.floor(Date.now() / 1000);
  for (const name of NAMES) {
    const token = (await run('mps', ['server', 'add', name, '--tag', '<b>t', '--data', folder])).trim();
    const body = [300, 200, 100, 0].map((ago) =>
      `cpu,cpu=cpu-total usage_idle=50 ${now - ago}\ndisk,path=/<b>&\\ x used_percent=50 ${now - ago}`).join('\n');
    const headers = { Authorization: `Token ${token}` };
    const response = await fetch(`${hubUrl}/api/v2/write?precision=s`, { method: 'POST', headers, body });
    assert.strictEqual(response.status, 204, await response.text());
  }
});

after(async () => {
  await hub.stop('SIGKILL');
  await emulator.stop();
  fs.rmSync(folder, { recursive: true, force: true });
});

for (const language of ['en', 'ru']) {
  test(`every screen shows every name as it is (${language})`, async () => {
    await owner.ask(`/settings language ${language}`, 'the settings', (m) => /⚙️/.test(m.text));
    for (const name of NAMES) {
      for (const command of COMMANDS) {
        const answer = await owner.ask(`${command} ${name}`, `an answer to ${command} ${name}`, undefined, 30000);
        const shown = answer.text.includes([...name].slice(0, 10).join('').trim());
        assert.ok(shown || answer.document, `${command}: ${answer.text}`);
      }
    }
    const list = await owner.ask('/servers', 'the list');
    assert.match(list.text, /<b>bold<\/b> & <script>/);
  });
}

test('texts that nobody expects are answered, or passed over, and break nothing', async () => {
  for (const text of ['/', '//', '/ /status', '/status@', '/\u0000', '💥', '<b>', '/graph '.repeat(100), 'a'.repeat(4000),
    '/export x 9999999d', '/thresholds cpu -5', '/silence all -1h', '/connect \n', '/settings zone <b>', '/users 1e400']) {
    await owner.say(text);
  }
  await owner.ask('/about', 'the hub', (m) => /MPS /.test(m.text), 30000);
});

test('each press is answered and each answer comes while Telegram fails now and then', async () => {
  const faults = [{ status: 500 }, { drop: true }, { status: 429, parameters: { retry_after: 1 } }, { status: 502 }];
  for (const fault of faults) {
    const method = fault.drop ? 'sendPhoto' : 'sendMessage';
    emulator.state.faults.push({ method, times: 1, ...fault });
    const command = fault.drop ? `/graph ${NAMES[2]}` : '/servers';
    await owner.ask(command, 'an answer all the same', (m) => (fault.drop ? m.photo : m.text), 30000);
  }
});

test('the bot never broke a rule of the Bot API', () => {
  assert.deepStrictEqual(emulator.state.violations, []);
});
