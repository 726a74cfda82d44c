// Every limit under load: who passes it is told so, and good clients meanwhile get every answer. How fast those came is printed.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import http from 'node:http';
import net from 'node:net';
import { gzipSync } from 'node:zlib';
import { addServer, clientOf, startHub } from './hub.mjs';

const kGoodClients = 4;
const kSlowClients = 300;

let hub, ingest;
before(async () => {
  hub = await startHub(['--requests-per-second', '50']);
  ingest = (await addServer(await clientOf(hub), 'web-01')).token;
});
after(async () => assert.deepEqual(await hub.stop(), { code: 0, signal: null }, hub.output));

// Whole bytes out, the status line in.
function raw(bytes) {
  return new Promise((resolve) => {
    const socket = net.connect(Number(new URL(hub.url).port), '127.0.0.1', () => socket.write(bytes));
    let answer = '';
    socket.on('data', (text) => (answer += text));
    socket.on('error', () => {});
    socket.on('close', () => resolve(Number(answer.split(' ')[1] ?? 0)));
  });
}

function post(path, body, headers) {
  return fetch(hub.url + path, { method: 'POST', body, headers }).then((r) => r.arrayBuffer().then(() => r.status));
}

// Asks without a pause until told to stop, each on a connection of its own.
function startGoodClients() {
  const state = { stop: false, took: [], bad: [] };
  const agent = new http.Agent({ keepAlive: true, maxSockets: kGoodClients });
  const one = () =>
    new Promise((resolve) => {
      const begin = process.hrtime.bigint();
      http.get(`${hub.url}/api/v1/servers`, { agent }, (response) => {
        response.resume();
        response.on('end', () => {
          state.took.push(Number(process.hrtime.bigint() - begin) / 1e6);
          if (response.statusCode !== 200) state.bad.push(response.statusCode);
          resolve();
        });
      }).on('error', (error) => { state.bad.push(error.message); resolve(); });
    });
  const loops = Array.from({ length: kGoodClients }, async () => {
    while (!state.stop) await one();
  });
  state.end = async () => {
    state.stop = true;
    await Promise.all(loops);
    agent.destroy();
    state.took.sort((a, b) => a - b);
    return { asked: state.took.length, p99: state.took[Math.floor(state.took.length * 0.99)] };
  };
  return state;
}

async function meanwhile(name, attack) {
  const good = startGoodClients();
  await attack();
  const { asked, p99 } = await good.end();
  console.log(`${name}: good clients asked ${asked} times, p99 ${p99.toFixed(1)} ms`);
  assert.deepEqual(good.bad, []);
  assert.ok(asked > 0);
}

const kAuth = () => ({ Authorization: `Bearer ${hub.tokens.admin}`, 'Content-Type': 'application/json' });
const all = (count, make) => Promise.all(Array.from({ length: count }, (_, i) => make(i)));

test('slow headers are given up', () =>
  meanwhile('slow headers', async () => {
    const statuses = await all(kSlowClients, () => raw('GET /api/v1/servers HTTP/1.1\r\nHost: a\r\nX-Slow: '));
    assert.deepEqual([...new Set(statuses)], [408]);
  }));

test('headers that are too large are refused', () =>
  meanwhile('large headers', async () => {
    const statuses = await all(200, () => raw(`GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`));
    assert.deepEqual([...new Set(statuses)], [431]);
  }));

test('bodies that are too large are refused before they are read', () =>
  meanwhile('large bodies', async () => {
    const statuses = await all(200, () => raw(`POST /api/v2/write HTTP/1.1\r\nHost: a\r\nContent-Length: 999999999\r\n\r\n`));
    assert.deepEqual([...new Set(statuses)], [413]);
    assert.deepEqual([...new Set(await all(20, () => post('/api/v1/servers', `{"name":"${'x'.repeat(100_000)}"}`, kAuth())))], [413]);
  }));

test('gzip bombs are stopped', () => {
  const bomb = gzipSync(Buffer.alloc(70 << 20, ' '));
  return meanwhile('gzip bombs', async () => {
    for (let i = 0; i < 5; ++i) {
      const statuses = await all(4, () => post('/api/v2/write', bomb, { Authorization: `Token ${ingest}`, 'Content-Encoding': 'gzip' }));
      assert.deepEqual([...new Set(statuses)], [413]);
    }
  });
});

test('JSON that is nested too deep is refused', () =>
  meanwhile('deep JSON', async () => {
    const statuses = await all(40, () => post('/api/v1/servers', '['.repeat(60_000), kAuth()));
    assert.deepEqual([...new Set(statuses)], [400]);
  }));

test('a token that asks too often is slowed, alone', () =>
  meanwhile('too many requests', async () => {
    const statuses = await all(1000, () => fetch(`${hub.url}/api/v1/servers`, { headers: { Authorization: `Bearer ${hub.tokens.viewer}` } }).then((r) => r.arrayBuffer().then(() => r.status)));
    const refused = statuses.filter((status) => status === 429).length;
    assert.ok(refused > 0 && refused < 1000, `${refused} of 1000 refused`);
    assert.ok(statuses.every((status) => status === 200 || status === 429));
    const other = await fetch(`${hub.url}/api/v1/servers`, { headers: { Authorization: `Bearer ${hub.tokens.operator}` } });
    assert.equal(other.status, 200);
  }));
