'use strict';
// A whole session in the chat, played with the real programs and written down as docs/transcript: what people say, what
// they get, with the pictures. Each step waits for what it should lead to, and fails where that does not come, as a test
// does. Made anew on demand alone (tools/transcript), since times and tokens are those of the moment.
//   node transcript.js FOLDER
// MPS_TRANSCRIPT_DATA names a data folder that `mps demo` has filled and trained already: a copy of it is used.

const assert = require('node:assert');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const { Program, run } = require('./programs');
const { Chat, sleep, until } = require('./telegram-emulator/chat');
const { startEmulator } = require('./telegram-emulator/emulator');

const PICTURE_BYTES_MAX = 60_000;
const SETTLED_MS = 400; // what belongs to an answer comes together

const target = process.argv[2];
const page = [];
let pictures = 0;

const withPhoto = (message) => message.photo !== undefined;
const withText = (pattern) => (message) => pattern.test(message.text);

// What must not be the same in everybody's copy, or is of this machine.
const masked = (html) => html
  .replace(/[A-Za-z0-9_-]{32,}/g, 'TOKEN')
  .replace(/start=[\w-]+/g, 'start=CODE')
  .replace(/\/start [\w-]+/g, '/start CODE')
  .replace(/http:\/\/127\.0\.0\.1:\d+/g, 'https://mps.example.org');

function chapter(title, why) {
  page.push(`\n## ${title}\n`);
  if (why) page.push(`${why}\n`);
}

function keepPicture(photo, alt) {
  pictures += 1;
  const name = `${String(pictures).padStart(2, '0')}.png`;
  assert.ok(photo.content.length < PICTURE_BYTES_MAX, `${name} has ${photo.content.length} bytes`);
  fs.writeFileSync(path.join(target, name), photo.content);
  page.push(`![${alt.split('\n')[0]}](${name})\n`);
}

function write(message, { picture = true } = {}) {
  const rows = (message.markup && message.markup.inline_keyboard) || [];
  if (message.photo && picture) keepPicture(message.photo, message.text);
  const lines = masked(message.html).replace(/<pre>([^]*?)<\/pre>/g, (_, code) => `<code>${code}</code>`).split('\n');
  if (message.document) lines.unshift(`📎 <i>${message.document.name}</i>`);
  const buttons = rows.map((row) => row.map((b) => `<kbd>${b.text}</kbd>`).join(' '));
  page.push(`<blockquote>\n${[...lines, ...buttons].join('<br>\n')}\n</blockquote>\n`);
}

class Speaker {
  constructor(chat, name) {
    this.chat = chat;
    this.name = name;
  }

  // Says it, waits for `fits`, and writes down all that came. Returns what fitted.
  async say(text, fits, options) {
    page.push(`**${this.name}:** ${masked(text)}\n`);
    const found = await this.chat.ask(text, undefined, fits);
    await sleep(SETTLED_MS);
    for (const message of this.chat.messages().slice(this.chat.seen)) write(message, options);
    return found;
  }

  // Presses it; the message changes, or another one comes.
  async press(message, label, fits = () => true, options = undefined) {
    page.push(`**${this.name}** presses <kbd>${label}</kbd>\n`);
    await this.chat.press(message, label);
    const changed = (m) => fits(m) && (m.id > message.id || (m.id === message.id && m.edits > message.edits));
    const next = await until(`what "${label}" leads to`, () => this.chat.messages().find(changed));
    write(next, options);
    return next;
  }

  // Something comes by itself.
  async hear(what, fits, ms = 40000) {
    page.push(`*${what}*\n`);
    const found = await until(what, () => this.chat.messages().find(fits), ms);
    write(found);
    return found;
  }
}

async function play() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'mps-transcript-'));
  const emulator = await startEmulator();
  const data = ['--data', folder, '--time-zone', 'Europe/Berlin'];
  if (process.env.MPS_TRANSCRIPT_DATA) fs.cpSync(process.env.MPS_TRANSCRIPT_DATA, folder, { recursive: true });
  console.log('filling a hub with a made fleet, and training what is not trained yet');
  await run('mps', ['demo', ...data]);
  const hub = new Program('mps', ['serve', ...data, '--listen', '127.0.0.1:0'], {
    MPS_TELEGRAM_TOKEN: emulator.token,
    MPS_TELEGRAM_API_URL: emulator.url,
  });
  const [, hubUrl] = await hub.wrote(/listening on (http:\S+)/);
  const [, code] = await hub.wrote(/t\.me\/mps_test_bot\?start=(\S+)/);
  const ann = new Speaker(new Chat(emulator, { userId: 42, name: 'Ann' }), 'Ann');
  const push = async (token, lines) => {
    const response = await fetch(`${hubUrl}/api/v2/write?precision=s`, {
      method: 'POST', headers: { Authorization: `Token ${token}` }, body: lines.join('\n') });
    assert.strictEqual(response.status, 204, await response.text());
  };
  const now = () => Math.floor(Date.now() / 1000);
  try {
    await story({ ann, code, emulator, push, now, data });
    assert.deepStrictEqual(emulator.state.violations, []);
  } finally {
    await hub.stop('SIGKILL');
    await emulator.stop();
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

async function story({ ann, code, emulator, push, now, data }) {
  chapter('The owner', 'The hub prints a link when it starts. Whoever opens it first owns the bot.');
  const zone = await ann.say(`/start ${code}`, withText(/What time is it/));
  await ann.press(zone, zone.buttons.find((b) => / Berlin$/.test(b.text)).text, withText(/Europe\/Berlin/));

  chapter('A server', 'The second message changes by itself once the agent sends.');
  await ann.say('/connect shop-1', withText(/Waiting for the first samples/));
  const answer = ann.chat.messages().find(withText(/is registered/));
  const [, token] = /<code>([^<]+)<\/code>/.exec(answer.html);
  const busy = (at) => 30 + 20 * Math.sin(at / 300) + (at % 7);
  const past = Array.from({ length: 360 }, (_, i) => now() - (360 - i) * 10);
  await push(token, past.flatMap((at) => [
    `cpu,cpu=cpu-total usage_idle=${(100 - busy(at)).toFixed(1)} ${at}`, `system load1=${(busy(at) / 40).toFixed(2)} ${at}`]));
  await ann.hear('A few seconds later', withText(/first samples arrived/));

  chapter('How the servers are');
  const list = await ann.say('/servers', withText(/demo-web-1/));
  const status = await ann.press(list, list.buttons.find((b) => /demo-web-1/.test(b.text)).text, withText(/24 h: mean/));
  let graph = await ann.press(status, 'Graph', withPhoto);
  graph = await ann.press(graph, graph.buttons.find((b) => /^7\D/.test(b.text)).text, withPhoto);

  chapter('Several at once, and live');
  await ann.say('/graph demo-web-1 vs demo-db-1 cpu 24h', withPhoto);
  const shop = await ann.say('/graph shop-1 cpu 1h', withPhoto, { picture: false });
  const live = await ann.press(shop, '🔴 Live', withText(/Live until/), { picture: false });
  await push(token, [`cpu,cpu=cpu-total usage_idle=20 ${now()}`]);
  page.push('*Ten seconds later*\n');
  const renewed = await ann.chat.edited(live, withText(/Live until/));
  write(renewed);
  await ann.press(renewed, '⏹ Stop', withText(/live graph has ended/), { picture: false });

  chapter('What will be');
  await ann.say('/forecast demo-web-1 cpu 24h', withPhoto);
  await ann.say('/forecast demo-backup-1 disk 7d', withPhoto);

  chapter('Rules', 'A rule is tried on the past before it is set.');
  const rule = await ann.say('/thresholds demo-web-1 cpu 60 for 10m', withText(/would have fired/));
  await ann.press(rule, '✅ Set it', withText(/✅ Set/));

  chapter('An alert', 'The card follows what happens; whoever acknowledges it stands on it.');
  await run('mps', ['rule', 'set', '--server', 'shop-1', '--resource', 'load', '--above', '5', '--for', '1s', ...data]);
  const storm = setInterval(() => { push(token, [`system load1=9.5 ${now()}`]).catch(() => {}); }, 250);
  const isCard = (m) => /shop-1/.test(m.text) && /Load/.test(m.text) && m.photo;
  const card = await ann.hear('The load of shop-1 rises', isCard);
  clearInterval(storm);
  await ann.press(card, 'Acknowledge', withText(/Acknowledged by Ann/), { picture: false });
  const calm = setInterval(() => { push(token, [`system load1=0.4 ${now()}`]).catch(() => {}); }, 250);
  const is = (m) => m.id === card.id && /back to/.test(m.text);
  page.push('*It is over*\n');
  write(await until('the end of it', () => ann.chat.messages().find(is), 40000), { picture: false });
  clearInterval(calm);
  await ann.say('/silence shop-1 2h new kernel', withText(/Silenced|silence/i));
  await ann.say('/quiet 22:00 07:00', withText(/22:00/));

  chapter('Files');
  await ann.say('/report demo-web-1', (m) => m.document);
  await ann.say('/export demo-web-1 24h', (m) => m.document);

  chapter('Settings', 'How much goes over the network, as people count it.');
  const settings = await ann.say('/settings', withText(/Settings/));
  const units = await ann.press(settings, 'Units');
  await ann.press(units, 'Network in Mbit/s, disks in MB/s', withText(/Mbit/));
  await ann.say('/graph demo-web-1 net_rx,net_tx 24h', withPhoto);

  chapter('Somebody else, in Russian', 'A link lets one person in, with one role.');
  const link = await ann.say('/invite operator', withText(/lets one person in/));
  const olga = new Speaker(new Chat(emulator, { userId: 7, name: 'Olga', language: 'ru' }), 'Olga');
  await olga.say(`/start ${/start=([\w-]+)/.exec(link.text)[1]}`, withText(/Olga/));
  await olga.say('/servers', withText(/Серверы/));
  await olga.say('/forecast demo-db-1 cpu 24h', withPhoto);
  await olga.say('/connect web-9', withText(/🔒/));
  await olga.say('/grpah', withText(/Может быть/));

  chapter('What was done, and how the hub is');
  await ann.say('/audit', withText(/Who changed what/));
  await ann.say('/about', withText(/MPS /));
}

const HEAD = `# A session in the chat

Played by \`tests/e2e/transcript.js\` with the real programs and an emulated Telegram, over a made fleet (\`mps demo\`); \`tools/transcript\` makes
it anew. Buttons are shown as <kbd>keys</kbd>. Tokens and addresses are masked. The same screens at a terminal: \`mps chat\`.
`;

fs.mkdirSync(target, { recursive: true });
for (const old of fs.readdirSync(target).filter((name) => name.endsWith('.png'))) fs.rmSync(path.join(target, old));
play().then(() => {
  fs.writeFileSync(path.join(target, 'README.md'), `${HEAD}${page.join('\n')}`);
  console.log(`${pictures} pictures, in ${target}`);
}).catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
