// The OpenAPI document is valid, and every answer of a day's work is as it says.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Validator } from '@seriousme/openapi-schema-validator';
import { addServer, clientOf, startHub } from './hub.mjs';

let hub, client;
before(async () => {
  hub = await startHub();
  client = await clientOf(hub);
  await addServer(client, 'web-01', ['web']);
});
after(async () => assert.deepEqual(await hub.stop(), { code: 0, signal: null }));

const ok = async (status, ...asked) => {
  const answer = await client.ask(...asked);
  assert.equal(answer.status, status, `${asked[0]} ${asked[1]}: ${answer.bytes}`);
  return answer.json;
};

test('the document is OpenAPI 3.1', async () => {
  const result = await new Validator().validate(structuredClone(client.document));
  assert.ok(result.valid, JSON.stringify(result.errors));
  assert.equal(client.document.openapi.slice(0, 3), '3.1');
});

test('servers and figures', async () => {
  await ok(200, 'GET', '/api/v1/servers');
  await ok(200, 'GET', '/api/v1/servers/web-01');
  await ok(200, 'GET', '/api/v1/servers/web-01/status');
  await ok(200, 'GET', '/api/v1/servers/web-01/metrics?resource=ram&from=-1h&step=1m&aggregate=max');
  assert.equal((await ok(200, 'GET', '/api/v1/metrics?resource=ram&resource=cpu&server=web-01&from=-1h')).series.length, 2);
  await ok(200, 'GET', '/api/v1/servers/web-01/forecast?horizon=1h');
  await ok(409, 'GET', '/api/v1/servers/web-01/backtest');
  await ok(200, 'GET', '/api/v1/servers/web-01/export.csv');
  await ok(200, 'PATCH', '/api/v1/servers/web-01', { body: { tags: ['web', 'eu'] } });
  await ok(201, 'POST', '/api/v1/servers/web-01/token');
  const fleet = await ok(201, 'POST', '/api/v1/fleet-tokens', { body: { name: 'rack 1' } });
  assert.deepEqual((await ok(200, 'GET', '/api/v1/fleet-tokens')).tokens.map(({ name, servers }) => ({ name, servers })), [{ name: 'rack 1', servers: 0 }]);
  assert.match(await hub.command('fleet-token', 'list'), /^\d+\track 1\t.*\t0$/);
  await ok(204, 'DELETE', `/api/v1/fleet-tokens/${fleet.id}`);
  await ok(404, 'DELETE', `/api/v1/fleet-tokens/${fleet.id}`);
  await ok(201, 'POST', '/api/v1/servers', { body: { name: 'gone' } });
  await ok(204, 'DELETE', '/api/v1/servers/gone');
  await ok(404, 'GET', '/api/v1/servers/gone');
  for (const file of ['servers/web-01/chart.png?resource=ram', 'servers/web-01/forecast.png?resource=ram&horizon=1h', 'graph.png?server=web-01&resource=ram&resource=cpu', 'servers/web-01/report.pdf', 'report.pdf', 'prometheus', 'health'])
    await ok(200, 'GET', `/api/v1/${file}`);
  await ok(200, 'GET', '/metrics');
});

test('rules and what they make', async () => {
  const rule = { server: 'web-01', resource: 'ram', threshold: 80 };
  await ok(200, 'GET', '/api/v1/rules');
  await ok(200, 'GET', '/api/v1/servers/web-01/rules');
  await ok(200, 'PUT', '/api/v1/rules', { body: { ...rule, hold: '10m' } });
  assert.ok((await ok(200, 'POST', '/api/v1/rules/preview', { body: rule })).incidents.length > 0);
  await ok(200, 'POST', '/api/v1/rules/preview', { body: { server: 'web-01', kind: 'no_data' } });
  await ok(204, 'DELETE', '/api/v1/rules?server=web-01&resource=ram');
  // Its RAM has been over 90 % for an hour: the default rule fires within a round.
  let fires = [];
  for (let i = 0; i < 600 && fires.length === 0; ++i) {
    fires = (await ok(200, 'GET', '/api/v1/incidents?open=true')).incidents;
    if (fires.length === 0) await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const one = `/api/v1/incidents/${fires[0].id}`;
  await ok(200, 'GET', one);
  await ok(200, 'POST', `${one}/snooze`, { body: { lasts: '1h' } });
  assert.equal((await ok(200, 'POST', `${one}/acknowledge`)).state, 'acknowledged');
});

test('silences, people, chats and tokens', async () => {
  const { id } = await ok(201, 'POST', '/api/v1/silences', { body: { server: 'web-01', lasts: '1h' } });
  await ok(200, 'GET', '/api/v1/silences');
  await ok(204, 'DELETE', `/api/v1/silences/${id}`);
  const window = await ok(201, 'POST', '/api/v1/maintenance', { body: { tag: 'web', why: 'a new kernel' } });
  await ok(200, 'GET', '/api/v1/maintenance');
  await ok(204, 'DELETE', `/api/v1/maintenance/${window.id}`);
  await ok(201, 'POST', '/api/v1/chats', { body: { id: -5, person: 7, name: 'ops' } });
  await ok(200, 'GET', '/api/v1/chats');
  await ok(200, 'PATCH', '/api/v1/chats/-5', { body: { alerts: 'tag web' } });
  await ok(200, 'PUT', '/api/v1/chats/-5/report', { body: { at: '08:00' } });
  await ok(200, 'GET', '/api/v1/chats/-5/report');
  await ok(204, 'DELETE', '/api/v1/chats/-5/report');
  await ok(200, 'PUT', '/api/v1/quiet-hours/-5', { body: { begins: '22:00', ends: '08:00' } });
  await ok(200, 'GET', '/api/v1/quiet-hours');
  await ok(204, 'DELETE', '/api/v1/quiet-hours/-5');
  await ok(200, 'GET', '/api/v1/people');
  await ok(200, 'PATCH', '/api/v1/people/7', { body: { role: 'viewer' } });
  await ok(204, 'DELETE', '/api/v1/people/7');
  await ok(204, 'DELETE', '/api/v1/chats/-5');
  await ok(201, 'POST', '/api/v1/invites', { body: { role: 'viewer' } });
  await ok(200, 'GET', '/api/v1/invites');
  await ok(204, 'DELETE', '/api/v1/invites');
  await ok(201, 'POST', '/api/v1/api-tokens', { body: { name: 'ci', role: 'viewer', lasts: '90d' } });
  await ok(200, 'GET', '/api/v1/api-tokens');
  await ok(204, 'DELETE', '/api/v1/api-tokens/ci');
  const { entries, next } = await ok(200, 'GET', '/api/v1/audit?limit=5');
  const older = await ok(200, 'GET', `/api/v1/audit?limit=5&cursor=${next}`);
  assert.ok(older.entries[0].id < entries.at(-1).id);
});

test('the command line and the API show the same tokens', async () => {
  assert.match(await hub.command('api-token', 'list'), /^test admin\tadmin\t/m);
  await hub.command('api-token', 'add', 'short', '--expires', '90d');
  assert.ok((await ok(200, 'GET', '/api/v1/api-tokens')).tokens.some((t) => t.name === 'short' && t.expires_at));
  await hub.command('api-token', 'remove', 'short');
  assert.match(await hub.command('audit'), /the command line\ttoken_removed\tAPI token short/);
});

test('every operation that answers JSON was held against the document', () => {
  const missing = [];
  for (const [path, item] of Object.entries(client.document.paths))
    for (const [method, operation] of Object.entries(item)) {
      const json = Object.entries(operation.responses).some(([status, said]) => status.startsWith('2') && said.content?.['application/json']);
      if (path.startsWith('/api/v1/') && json && !client.seen.has(`${method.toUpperCase()} ${path}`)) missing.push(`${method} ${path}`);
    }
  assert.deepEqual(missing, []);
});
