'use strict';
// The whole way once more, with an InfluxDB as the store.

const assert = require('node:assert');
const { after, before, test } = require('node:test');

const { startInfluxDB } = require('./influxdb');
const { until } = require('./telegram-emulator/chat');

let influx;

before(async () => {
  influx = await startInfluxDB();
  process.env.E2E_STORE_URL = influx.url('mps');
});

require('./e2e.test');

test('what agents sent is in InfluxDB, under the names that it has anywhere', async () => {
  await until('samples of the agent in InfluxDB', async () => {
    const series = await influx.query('mps', 'SELECT count(usage_idle) FROM cpu WHERE cpu = \'cpu-total\'');
    return series.length > 0 && series[0].values[0][1] > 0;
  });
  const fields = await influx.query('mps', 'SHOW FIELD KEYS FROM mem');
  assert.ok(fields[0].values.some(([name]) => name === 'used_percent'), JSON.stringify(fields));
});

after(() => influx.stop());
