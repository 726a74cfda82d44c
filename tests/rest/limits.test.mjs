// Every limit under load: who passes it is told so and counted, and good clients meanwhile get every answer. How fast those
// come, bench/attacks measures.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import http from 'node:http';
import net from 'node:net';
import { gzipSync } from 'node:zlib';
import { addServer, clientOf, startHub } from './hub.mjs';

const kGoodClients = 4;
const kSlowClients = 300;
const kConnectionsMax = 500;

let hub, ingest;
before(async () => {
  hub = await startHub(['--requests-per-second', '50', '--connections-max', String(kConnectionsMax)]);
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
  const state = { stop: false, asked: 0, bad: [] };
  const agent = new http.Agent({ keepAlive: true, maxSockets: kGoodClients });
  const one = () =>
    new Promise((resolve) => {
      http.get(`${hub.url}/api/v1/servers`, { agent }, (response) => {
        response.resume();
        response.on('end', () => {
          ++state.asked;
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
  };
  return state;
}

async function meanwhile(name, attack) {
  const good = startGoodClients();
  await attack();
  await good.end();
  console.log(`${name}: good clients asked ${good.asked} times`);
  assert.deepEqual(good.bad, []);
  assert.ok(good.asked > 0);
}

// A figure of /metrics, by its name and labels.
async function counted(name) {
  const text = await (await fetch(`${hub.url}/metrics`)).text();
  return Number(text.split('\n').find((line) => line.startsWith(`${name} `)).split(' ').at(-1));
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
    assert.ok((await counted('mps_limit_refusals_total{limit="body_bytes"}')) >= 200);
  }));

test('large bodies of those without a token are refused before they are read', () =>
  meanwhile('large bodies without a token', async () => {
    const announced = (more) => `POST /api/v2/write HTTP/1.1\r\nHost: a\r\n${more}Content-Length: 30000000\r\n\r\n`;
    assert.deepEqual([...new Set(await all(100, () => raw(announced(''))))], [401]);
    assert.deepEqual([...new Set(await all(100, () => raw(announced('Authorization: Token guess\r\n'))))], [401]);
    assert.equal(await raw('POST /api/v1/nothing HTTP/1.1\r\nHost: a\r\nContent-Length: 30000000\r\n\r\n'), 404);
  }));

test('large bodies are taken in by a thread of their own', () => {
  const now = Math.floor(Date.now() / 1000);
  const lines = Array.from({ length: 40_000 }, (_, i) => `mem used_percent=${i % 100} ${now - i}`).join('\n');
  return meanwhile('large bodies', async () => {
    const before = await counted('mps_http_large_bodies_total');
    const headers = { Authorization: `Token ${ingest}` };
    const statuses = await all(6, (i) => post('/api/v2/write?precision=s', i % 2 ? lines : gzipSync(lines), i % 2 ? headers : { ...headers, 'Content-Encoding': 'gzip' }));
    assert.deepEqual([...new Set(statuses)], [204]);
    assert.equal((await counted('mps_http_large_bodies_total')) - before, 6);
  });
});

test('gzip bombs are stopped', () => {
  const bomb = gzipSync(Buffer.alloc(70 << 20, ' '));
  return meanwhile('gzip bombs', async () => {
    for (let i = 0; i < 5; ++i) {
      const statuses = await all(4, () => post('/api/v2/write', bomb, { Authorization: `Token ${ingest}`, 'Content-Encoding': 'gzip' }));
      assert.deepEqual([...new Set(statuses)], [413]);
    }
    assert.equal(await counted('mps_limit_refusals_total{limit="unpacked_bytes"}'), 20);
    const refused = await fetch(`${hub.url}/api/v1/servers`, { method: 'POST', body: gzipSync(Buffer.alloc(5 << 20, ' ')), headers: { ...kAuth(), 'Content-Encoding': 'gzip' } });
    assert.equal(refused.status, 413);
    assert.equal(refused.headers.get('content-type'), 'application/problem+json');
    assert.match((await refused.json()).detail, /unpacks to more than 65536 bytes/);
    assert.equal(await post('/api/v2/write', bomb, { 'Content-Encoding': 'gzip' }), 401);
  });
});

test('JSON that is nested too deep is refused', () =>
  meanwhile('deep JSON', async () => {
    const statuses = await all(40, () => post('/api/v1/servers', '['.repeat(60_000), kAuth()));
    assert.deepEqual([...new Set(statuses)], [400]);
  }));

test('a token that asks too often is slowed, alone', () =>
  meanwhile('too many requests', async () => {
    const ask = () => fetch(`${hub.url}/api/v1/servers`, { headers: { Authorization: `Bearer ${hub.tokens.viewer}` } }).then((r) => r.arrayBuffer().then(() => r.status));
    const statuses = [];
    for (let i = 0; i < 10; ++i) statuses.push(...(await all(100, ask)));
    const refused = statuses.filter((status) => status === 429).length;
    assert.ok(refused > 0 && refused < 1000, `${refused} of 1000 refused`);
    assert.ok(statuses.every((status) => status === 200 || status === 429));
    const other = await fetch(`${hub.url}/api/v1/servers`, { headers: { Authorization: `Bearer ${hub.tokens.operator}` } });
    assert.equal(other.status, 200);
  }));

// Opens a connection and says nothing. `end` tells whether the hub closed it.
function silent() {
  return new Promise((resolve) => {
    const socket = net.connect(Number(new URL(hub.url).port), '127.0.0.1', () => resolve(one));
    const one = { socket, end: new Promise((ended) => socket.on('close', ended)) };
    socket.on('error', () => {});
    socket.resume();
  });
}

test('more connections than there may be make room for who asks', () =>
  meanwhile('too many connections', async () => {
    const crowd = await all(2 * kConnectionsMax, silent);
    const ask = () => raw(`GET /api/v1/servers HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${hub.tokens.operator}\r\nConnection: close\r\n\r\n`);
    // Who comes is told 503 at first, and is served once those that are silent have been so for a second.
    let status = 0;
    for (const begin = Date.now(); status !== 200 && Date.now() - begin < 60_000; ) {
      status = await ask();
      assert.ok([0, 200, 503].includes(status), `${status}`);
    }
    assert.equal(status, 200);
    for (const { socket } of crowd) socket.destroy();
    await Promise.all(crowd.map(({ end }) => end));
    assert.ok((await counted('mps_http_connections_spared_total')) > 0);
    assert.ok((await counted('mps_http_connections_refused_total')) > 0);
    assert.equal(await ask(), 200);
  }));
