// Requests made from the document, good ones and broken ones: none of them brings a 500 or a crash, and every answer is as the
// document says. MPS_REST_SEED=N repeats a run, MPS_REST_ROUNDS=N makes it longer.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { addServer, clientOf, startHub } from './hub.mjs';

const kSeed = Number(process.env.MPS_REST_SEED ?? 1);
const kRounds = Number(process.env.MPS_REST_ROUNDS ?? 12);
const kDepthOfHell = 20_000;

// mulberry32
function random(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
const next = random(kSeed);
const pick = (list) => list[Math.floor(next() * list.length)];

let hub, client;
before(async () => {
  console.log(`seed ${kSeed}, ${kRounds} rounds`);
  hub = await startHub(['--requests-per-second', '0']);
  client = await clientOf(hub);
});
after(async () => assert.deepEqual(await hub.stop(), { code: 0, signal: null }, hub.output));

const kNames = ['web-01', 'db-01', 'web', 'nobody', 'cpu', 'ram', 'disk', 'Europe/Berlin', '22:00', '08:00', 'all', '-1h', '/', 'tag web'];

function textOf(schema) {
  if (schema.enum) return pick(schema.enum.filter((value) => value !== null));
  if (schema.format === 'date-time') return pick(['2026-11-26T08:00:00Z', '2030-01-01T00:00:00+03:00', new Date().toISOString()]);
  if (schema.pattern) return pick(['30m', '1h', '24h', '90d', '36500d', '250ms']);
  if (schema.examples && next() < 0.5) return pick(schema.examples);
  return pick([...kNames, 'x'.repeat(schema.maxLength ?? 20)]);
}

function goodValue(schema) {
  if (schema.$ref) return goodValue(client.document.components.schemas[schema.$ref.split('/').at(-1)]);
  if (schema.anyOf) return goodValue(pick(schema.anyOf));
  const type = Array.isArray(schema.type) ? pick(schema.type) : schema.type;
  switch (type) {
    case 'null':
      return null;
    case 'boolean':
      return next() < 0.5;
    case 'integer':
      return pick([schema.minimum ?? 0, schema.maximum ?? 100, (schema.minimum ?? 0) + 1]);
    case 'number':
      return pick([schema.minimum ?? -1, schema.maximum ?? 100, 80, 0.5]);
    case 'array':
      return Array.from({ length: Math.floor(next() * 3) }, () => goodValue(schema.items));
    case 'object':
      return Object.fromEntries(Object.entries(schema.properties ?? {}).filter(([name]) => schema.required?.includes(name) || next() < 0.4).map(([name, property]) => [name, goodValue(property)]));
    default:
      return textOf(schema);
  }
}

const kBad = [null, true, -1, 0, 1e308, 9223372036854775807n, 0.1, '', ' ', '\u0000', '\ud800', 'x'.repeat(1200), '٣', "'; DROP TABLE server; --", '%00%zz', '{}', [], [[]], {}, '9999999999999d', '-9999999d', '1e400', '0000-00-00T99:99:99Z', '../../etc/passwd', '<script>'];
const serialise = (value) => JSON.stringify(value, (_, v) => (typeof v === 'bigint' ? Number(v) : v));

function brokenBody(schema) {
  const body = goodValue(schema);
  const names = Object.keys(client.document.components.schemas[schema.$ref?.split('/').at(-1)]?.properties ?? {});
  switch (Math.floor(next() * 6)) {
    case 0:
      return '['.repeat(kDepthOfHell);
    case 1:
      return serialise(body).slice(0, -1);
    case 2:
      return pick(['', 'null', '[]', '"x"', '1e999', '{"a":}', '\ufeff{}', 'nul', '{"name":"\\ud800"}', '{"name":"a","name":"b"}']);
    case 3:
      return serialise({ ...body, [pick(['colour', '__proto__x', 'x'.repeat(500)])]: pick(kBad) });
    default:
      return serialise({ ...body, [pick(names.length > 0 ? names : ['name'])]: pick(kBad) });
  }
}

function pathOf(template, parameters, broken) {
  return template.replace(/\{(\w+)\}/g, (_, name) => {
    const number = parameters.find((p) => p.in === 'path' && p.name === name).schema.type === 'integer';
    if (broken && next() < 0.5) return encodeURIComponent(String(pick(kBad.filter((v) => typeof v !== 'object' && v !== '' && v !== '\ud800')))) || 'x';
    return number ? pick(['1', '2', '7', '-5', '999999']) : pick(['web-01', 'db-01', 'nobody']);
  });
}

function queryOf(parameters, broken) {
  const parts = [];
  for (const p of parameters.filter((each) => each.in === 'query')) {
    if (!p.required && next() < 0.5) continue;
    const values = [goodValue(p.schema)].flat();
    for (const value of values) {
      const text = broken && next() < 0.5 ? String(pick(kBad.filter((v) => v !== '\ud800'))) : String(value ?? '');
      parts.push(`${encodeURIComponent(p.name)}=${broken && next() < 0.1 ? '%' : encodeURIComponent(text)}`);
    }
  }
  return parts.length > 0 ? `?${parts.join('&')}` : '';
}

async function request(template, method, operation, broken) {
  const parameters = operation.parameters ?? [];
  const path = pathOf(template, parameters, broken) + queryOf(parameters, broken);
  const schema = operation.requestBody?.content?.['application/json']?.schema;
  const body = schema ? (broken ? brokenBody(schema) : serialise(goodValue(schema))) : undefined;
  const headers = broken && next() < 0.1 ? pick([{ 'Content-Type': 'text/xml' }, { 'Idempotency-Key': 'x'.repeat(300) }, { 'If-None-Match': '*' }, { 'Content-Encoding': 'gzip' }]) : {};
  const sent = `${method.toUpperCase()} ${path.slice(0, 300)} ${(body ?? '').slice(0, 300)}`;
  let answer;
  try {
    answer = await client.ask(method.toUpperCase(), path, { body, headers, template });
  } catch (error) {
    error.message = `seed ${kSeed}: ${sent}: ${error.message}`;
    throw error;
  }
  assert.ok(answer.status < 500, `seed ${kSeed}: ${sent} -> ${answer.status} ${answer.bytes}`);
  return answer.status;
}

test('no request made from the document brings a 500', async () => {
  const counts = {};
  for (let round = 0; round < kRounds; ++round) {
    for (const name of ['web-01', 'db-01']) {
      await client.ask('DELETE', `/api/v1/servers/${name}`);
      await addServer(client, name, ['web']);
    }
    for (const [template, item] of Object.entries(client.document.paths)) {
      if (!template.startsWith('/api/v1/')) continue;
      for (const [method, operation] of Object.entries(item)) {
        // What would end the run's own token, or make the hub wait.
        if (template === '/api/v1/api-tokens/{token}') continue;
        for (const broken of [false, true, true]) {
          const status = await request(template, method, operation, broken);
          counts[status] = (counts[status] ?? 0) + 1;
        }
      }
    }
  }
  console.log(`answers by status: ${JSON.stringify(counts)}`);
  assert.ok(counts[200] > 0 && counts[400] > 0);
  assert.equal((await client.ask('GET', '/health')).status, 200);
});
