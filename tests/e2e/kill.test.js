'use strict';
// The hub is killed again and again while many connections send. What it acknowledged is there afterwards, to the value;
// of what it did not, a body is there as a whole or not at all.
// MPS_E2E_SEED repeats a run as far as threads and the kernel let it.

const assert = require('node:assert');
const fs = require('node:fs');
const http = require('node:http');
const os = require('node:os');
const path = require('node:path');
const { after, before, test } = require('node:test');

const { Program, run } = require('./programs');
const { until } = require('./telegram-emulator/chat');

const KILLS = 10;
const SENDERS = 8;
const SAMPLES_A_BODY_MAX = 40;
const START = 1700000000; // seconds since 1970
const seed = Number(process.env.MPS_E2E_SEED || Date.now() % 2 ** 32);

let folder;
let hub;
let token;

const mps = (...args) => run('mps', [...args, '--data', folder]);

// mulberry32: whole numbers from 0 to n - 1.
let state = seed;
function random(n) {
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) % n;
}

// One life of the hub, which ends with the acknowledgement number `killAt`, at once: there is no kinder moment for what
// was acknowledged too early. `url` is there once it listens.
class Life {
  constructor(killAt) {
    this.killAt = killAt;
    this.program = new Program('mps', ['serve', '--data', folder, '--listen', '127.0.0.1:0']);
    this.url = this.program.wrote(/listening on (http:\S+)/).then(([, url]) => url);
    this.acknowledged = 0;
  }

  async ready() {
    const url = await this.url;
    return until('the hub to be ready', async () => (await fetch(`${url}/health`)).ok);
  }

  onAcknowledged() {
    this.acknowledged += 1;
    if (this.acknowledged === this.killAt) this.kill();
  }

  kill() {
    this.killed = true;
    this.program.child.kill('SIGKILL');
  }
}

// One connection that sends numbered samples, one body after the other, whatever becomes of the hub.
class Sender {
  constructor(name) {
    this.name = name;
    this.next = 0;
    this.bodies = []; // { from, to, acknowledged }
    this.agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  }

  line(n) {
    return `work,host=web-01,sender=${this.name} count=${n}i,half=${n / 2} ${START + n}`;
  }

  post(life, url, text) {
    return new Promise((resolve, reject) => {
      const headers = { Authorization: `Token ${token}`, 'Content-Length': Buffer.byteLength(text) };
      const request = http.request(`${url}/api/v2/write?precision=s`, { method: 'POST', agent: this.agent, headers });
      request.on('response', (response) => {
        response.resume();
        if (response.statusCode === 204) life.onAcknowledged();
        response.on('end', () => resolve(response.statusCode));
        response.on('error', reject);
      });
      request.on('error', reject);
      request.end(text);
    });
  }

  // Sends to one life of the hub until that is over.
  async send(life) {
    const url = await life.url.catch(() => undefined);
    while (url && !life.over && !life.killed) {
      const body = { from: this.next, to: this.next + 1 + random(SAMPLES_A_BODY_MAX), acknowledged: false };
      const lines = [];
      for (let n = body.from; n < body.to; n += 1) lines.push(this.line(n));
      let status;
      try {
        status = await this.post(life, url, lines.join('\n'));
      } catch (error) {
        assert.ok(life.killed, `a connection broke on a hub that lives: ${error}`);
      }
      if (status === 503) continue; // it replays: nothing was stored, and the same is sent again
      if (status !== undefined) assert.strictEqual(status, 204);
      body.acknowledged = status === 204;
      this.bodies.push(body);
      this.next = body.to;
    }
  }
}

before(async () => {
  console.log(`MPS_E2E_SEED=${seed}`);
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'mps-e2e-'));
  token = (await mps('server', 'add', 'web-01')).trim().split('\n')[0];
});

after(async () => {
  if (hub) await hub.program.stop('SIGKILL');
  fs.rmSync(folder, { recursive: true, force: true });
});

test('nothing that was acknowledged is lost when the hub is killed, and nothing comes twice or torn', async () => {
  const senders = Array.from({ length: SENDERS }, (_, i) => new Sender(i));
  for (let kills = 0; kills <= KILLS; kills += 1) {
    const last = kills === KILLS;
    const early = !last && kills > 0 && random(4) === 0; // while it replays, perhaps
    const answers = 20 + random(400);
    const life = new Life(last || early ? undefined : answers);
    hub = life;
    const sending = Promise.all(senders.map((sender) => sender.send(life)));
    await life.url;
    if (early) life.kill();
    if (last) await Promise.race([sending, until('requests to be answered', () => life.acknowledged >= answers)]);
    life.over = last;
    await sending;
    if (!last) await life.program.exited;
  }
  await hub.ready();

  const lines = (await mps('export', '--server', 'web-01')).trim().split('\n');
  const found = new Set(lines);
  assert.strictEqual(found.size, lines.length, 'a sample is there twice');
  let acknowledged = 0;
  for (const sender of senders) {
    for (const body of sender.bodies) {
      let there = 0;
      for (let n = body.from; n < body.to; n += 1) there += found.delete(`${sender.line(n)}000000000`) ? 1 : 0;
      const all = body.to - body.from;
      const what = `${there} of samples ${body.from} to ${body.to} of sender ${sender.name} are there`;
      if (body.acknowledged) assert.strictEqual(there, all, `${what}; all were acknowledged`);
      else assert.ok(there === 0 || there === all, `${what}: a torn body`);
      acknowledged += body.acknowledged ? all : 0;
    }
  }
  assert.deepStrictEqual([...found], [], 'samples that nobody sent');
  assert.ok(acknowledged > 0);
  console.log(`${acknowledged} samples in ${KILLS + 1} lives of the hub`);
});
