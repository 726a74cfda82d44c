'use strict';
// `mps chat`: the screens of the chat at a terminal, through a pipe, with a hub that runs and without one.

const assert = require('node:assert');
const { spawn } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { after, before, test } = require('node:test');

const { Program, binary, cleanEnvironment, run } = require('./programs');
const { until } = require('./telegram-emulator/chat');

let folder;
let pictures;
let hub;
let hubUrl;

class Terminal {
  constructor(...args) {
    const all = ['chat', '--data', folder, '--pictures', pictures, '--time-zone', 'UTC', ...args];
    this.child = spawn(binary('mps'), all, { env: cleanEnvironment({}), stdio: 'pipe' });
    this.output = '';
    this.errors = '';
    this.seen = 0;
    this.child.stdout.on('data', (text) => { this.output += text; });
    this.child.stderr.on('data', (text) => { this.errors += text; });
    this.exited = new Promise((resolve) => { this.child.on('exit', resolve); });
  }

  // What was shown since the last line, once it holds the pattern.
  async shows(pattern) {
    return until(`${pattern} in ${this.output}${this.errors}`, () => {
      const fresh = this.output.slice(this.seen);
      return pattern.test(fresh) && fresh;
    });
  }

  async type(line, pattern) {
    this.seen = this.output.length;
    this.child.stdin.write(`${line}\n`);
    return this.shows(pattern);
  }

  async end() {
    this.child.stdin.end();
    return this.exited;
  }
}

// The number before a button.
const numberOf = (shown, label) => {
  const found = shown.split(/\s{2,}|\n/).map((part) => /^\[(\d+)\] (.*)$/.exec(part)).find((m) => m && m[2] === label);
  if (!found) throw new Error(`no button "${label}" in ${shown}`);
  return found[1];
};

const isPng = (file) => fs.readFileSync(file).subarray(1, 4).toString() === 'PNG';

async function push(token, body) {
  const response = await fetch(`${hubUrl}/api/v2/write?precision=s`, {
    method: 'POST', headers: { Authorization: `Token ${token}` }, body });
  assert.strictEqual(response.status, 204);
}

before(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'mps-e2e-'));
  pictures = path.join(folder, 'pictures');
  fs.mkdirSync(pictures);
});

after(async () => {
  if (hub) await hub.stop('SIGKILL');
  fs.rmSync(folder, { recursive: true, force: true });
});

test('without a hub it opens the folder itself, and everything that was piped in is answered', async () => {
  const terminal = new Terminal();
  terminal.child.stdin.end('/servers\n/connect\nweb 0\n/help');
  assert.strictEqual(await terminal.exited, 0, terminal.errors);
  assert.match(terminal.errors, /The chat, without Telegram/);
  assert.match(terminal.output, /There is no server yet/);
  assert.match(terminal.output, /web 0 is registered/);
  assert.match(terminal.output, /\/forecast/);
  assert.match(await run('mps', ['server', 'list', '--data', folder]), /^web 0/m);
});

test('with a running hub: connect, first samples, status, graph as a file, live', async () => {
  hub = new Program('mps', ['serve', '--data', folder, '--listen', '127.0.0.1:0', '--time-zone', 'UTC']);
  [, hubUrl] = await hub.wrote(/listening on (http:\S+)/);
  const terminal = new Terminal();
  const connected = await terminal.type('/connect web-1', /Waiting for the first samples/);
  const [, token] = /shown only here and only once:\n(\S+)\n/.exec(connected);
  assert.match(connected, /file: \S+-telegraf\.conf/);
  assert.match(connected, new RegExp(`--hub ${hubUrl}`));
  const now = Math.floor(Date.now() / 1000);
  await push(token, [600, 300, 10, 0].map((ago) => `cpu,cpu=cpu-total usage_idle=58 ${now - ago}`).join('\n'));
  await terminal.shows(/first samples arrived/);

  const list = await terminal.type('/servers', /web-1/);
  const status = await terminal.type(numberOf(list, 'web-1'), /CPU: 42 %/);
  const graph = await terminal.type(numberOf(status, 'Graph'), /picture: (\S+)/);
  assert.ok(isPng(/picture: (\S+)/.exec(graph)[1]));
  const live = await terminal.type(numberOf(graph, '🔴 Live'), /Live until/);
  await terminal.shows(/Live until[^]*picture:[^]*Live until[^]*picture:/); // drawn again by itself
  await terminal.type(numberOf(live, '⏹ Stop'), /live graph has ended/);
  assert.match(await terminal.type('999', /\n/), /There is no button 999 here/);
  assert.strictEqual(await terminal.end(), 0);
});

test('a role is refused what it may not, in the language that was asked for', async () => {
  const terminal = new Terminal('--as', 'viewer', '--language', 'ru');
  await terminal.type('/servers', /Серверы/);
  await terminal.type('/connect x', /нужна роль «администратор», а у вас «наблюдатель»/);
  assert.strictEqual(await terminal.end(), 0);
  const english = new Terminal('--language', 'en');
  await english.type('/servers', /Servers/);
  assert.strictEqual(await english.end(), 0);
});

test('the words behind chat do what they did', async () => {
  await run('mps', ['chat', 'add', '--chat', '-77', '--name', 'ops', '--data', folder]);
  assert.match(await run('mps', ['chat', 'list', '--data', folder]), /-77/);
  await assert.rejects(run('mps', ['chat', 'nonsense', '--data', folder]));
  await assert.rejects(run('mps', ['chat', '--as', 'emperor', '--data', folder]));
});

test('a terminal that is cut off, and a hub that stops, end the chat', async () => {
  const cut = new Terminal();
  await cut.type('/servers', /web-1/);
  cut.child.kill('SIGKILL');
  await cut.exited;
  const other = new Terminal();
  await other.type('/about', /MPS /);
  assert.strictEqual((await hub.stop()).code, 0);
  assert.notStrictEqual(await other.exited, 0);
  assert.match(other.errors, /the hub's socket is gone/);
});
