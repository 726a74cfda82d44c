'use strict';
// Backup of a hub that goes on taking samples, restore into another folder, and the doctor's look at both.

const assert = require('node:assert');
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { after, before, test } = require('node:test');

const { Program, run } = require('./programs');
const { until } = require('./telegram-emulator/chat');

const START = 1700000000; // seconds since 1970

let folder;
let data;
let restored;
let file;
let hub;
let hubUrl;
let token;

const mps = (dataFolder, ...args) => run('mps', [...args, '--data', dataFolder]);
const line = (n) => `cpu,cpu=cpu-total usage_idle=${n % 100} ${START + n}\n`;
const exported = (dataFolder, ...args) => mps(dataFolder, 'export', '--server', 'web-01', ...args);

async function push(body) {
  const headers = { Authorization: `Token ${token}` };
  return fetch(`${hubUrl}/api/v2/write?precision=s`, { method: 'POST', headers, body });
}

// Flips one byte in the middle of the first sealed block.
const flipByte = `
import sqlite3, sys
database = sqlite3.connect(sys.argv[1])
data = bytearray(database.execute('SELECT data FROM block WHERE id = 1').fetchone()[0])
data[len(data) // 2] ^= 1
database.execute('UPDATE block SET data = ? WHERE id = 1', (bytes(data),))
database.commit()
`;

before(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'mps-e2e-'));
  [data, restored, file] = ['data', 'restored', 'mps.tar'].map((name) => path.join(folder, name));
  hub = new Program('mps', ['serve', '--data', data, '--listen', '127.0.0.1:0']);
  [, hubUrl] = await hub.wrote(/listening on (http:\S+)/);
  await until('the hub to be ready', async () => (await fetch(`${hubUrl}/health`)).ok);
  token = (await mps(data, 'server', 'add', 'web-01')).trim().split('\n')[0];
});

after(async () => {
  if (hub) await hub.stop('SIGKILL');
  fs.rmSync(folder, { recursive: true, force: true });
});

test('a backup of a running hub holds all that was acknowledged before it began, and nothing torn', async () => {
  let next = 0;
  const first = Array.from({ length: 1100 }, () => line(next++)).join(''); // enough for a sealed chunk
  assert.strictEqual((await push(first)).status, 204);
  let stopped = false;
  const pushing = (async () => {
    while (!stopped) {
      assert.strictEqual((await push(line(next))).status, 204);
      next += 1;
    }
  })();
  await until('some samples', () => next > 1150);
  const acknowledged = next;
  await mps(data, 'backup', file);
  const before = next;
  await until('more samples', () => next > before + 20);
  stopped = true;
  await pushing;

  assert.match(await mps(restored, 'restore', file), /restored/);
  const to = String(START + acknowledged);
  const here = await exported(data, '--to', to);
  assert.strictEqual(here.trim().split('\n').length, acknowledged);
  assert.strictEqual(await exported(restored, '--to', to), here);
  assert.ok((await exported(data)).startsWith(await exported(restored)), 'the copy is no earlier state of the hub');
  assert.match(await mps(restored, 'server', 'list'), /web-01/);
});

test('the backup is a plain tar whose checksums anybody can check', () => {
  const unpacked = path.join(folder, 'unpacked');
  fs.mkdirSync(unpacked);
  execFileSync('tar', ['-xf', file, '-C', unpacked]);
  execFileSync('sha256sum', ['--check', '--quiet', '--strict', 'SHA256SUMS'], { cwd: unpacked });
  assert.deepStrictEqual(fs.readdirSync(unpacked).sort(), ['MPS-BACKUP', 'SHA256SUMS', 'catalog.db', 'samples.db']);
});

test('a folder with data in it is not overwritten', async () => {
  await assert.rejects(mps(data, 'restore', file), (error) => error.code === 1 && /is not empty/.test(error.stderr));
});

test('the doctor finds both folders sound, and names the chunk that was damaged', async () => {
  assert.match(await mps(data, 'doctor'), /sound/);
  assert.match(await mps(restored, 'doctor'), /sound/);
  assert.strictEqual((await hub.stop()).code, 0);
  execFileSync('python3', ['-c', flipByte, path.join(data, 'samples.db')]);
  await assert.rejects(mps(data, 'doctor'), (error) => {
    assert.strictEqual(error.code, 1);
    assert.match(error.stdout, /^samples\.db: block 1 of server 1 .*cpu,cpu=cpu-total/m);
    return true;
  });
});
