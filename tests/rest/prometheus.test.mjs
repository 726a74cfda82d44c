// promtool has nothing against what Prometheus is to scrape.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { after, before, test } from 'node:test';
import { addServer, clientOf, startHub } from './hub.mjs';

let hub;
before(async () => {
  hub = await startHub();
  const client = await clientOf(hub);
  await addServer(client, 'web-01');
  await addServer(client, 'a "quoted" \\ name, with 1 {brace}');
});
after(() => hub.stop());

for (const path of ['/metrics', '/api/v1/prometheus'])
  test(`${path} is as Prometheus wants it`, async () => {
    const text = await (await fetch(hub.url + path)).text();
    const checked = spawnSync('promtool', ['check', 'metrics'], { input: text });
    assert.equal(checked.error, undefined);
    assert.equal(checked.status, 0, `${checked.stdout}${checked.stderr}`);
  });

test('every server has its newest figures', async () => {
  const text = await (await fetch(`${hub.url}/api/v1/prometheus`)).text();
  assert.match(text, /^mps_server_ram_ratio\{server="web-01"\} 0\.9[5-7]\d*$/m);
  assert.match(text, /^mps_server_disk_ratio\{server="web-01",instance="\/"\} 0\.61$/m);
  assert.match(text, /^mps_server_up\{server="a \\"quoted\\" \\\\ name, with 1 \{brace\}"\} 1$/m);
});
