'use strict';
// InfluxDB 1.x in a folder of its own, on a port that the system chooses.

const { spawn } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const configuration = (folder) => `reporting-disabled = true
bind-address = "127.0.0.1:0"
[meta]
  dir = "${folder}/meta"
  logging-enabled = false
[data]
  dir = "${folder}/data"
  wal-dir = "${folder}/wal"
  query-log-enabled = false
[monitor]
  store-enabled = false
[continuous_queries]
  enabled = false
[ifql]
  enabled = false
[http]
  bind-address = "127.0.0.1:0"
  log-enabled = false
`;

async function startInfluxDB() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'mps-influxdb-'));
  const file = path.join(folder, 'influxdb.conf');
  fs.writeFileSync(file, configuration(folder));
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('INFLUXDB_')));
  const child = spawn('influxd', ['-config', file], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const exited = new Promise((resolve) => { child.on('exit', resolve); });
  const port = await new Promise((resolve, reject) => {
    let log = '';
    child.on('error', reject);
    child.on('exit', () => reject(new Error(`influxd did not start:\n${log}`)));
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (text) => {
        log += text;
        const listening = /Listening on HTTP.* addr=127\.0\.0\.1:(\d+)/.exec(log);
        if (listening) resolve(Number(listening[1]));
        if (log.length > 1e6) log = '';
      });
    }
  });
  return {
    url: (database) => `influxdb://127.0.0.1:${port}/${database}`,
    // The series that a statement finds.
    async query(database, text) {
      const response = await fetch(`http://127.0.0.1:${port}/query?${new URLSearchParams({ db: database, epoch: 'ns', q: text })}`);
      const { results } = await response.json();
      if (results[0].error) throw new Error(`${text}: ${results[0].error}`);
      return results[0].series || [];
    },
    async stop() {
      child.kill('SIGKILL');
      await exited;
      fs.rmSync(folder, { recursive: true, force: true });
    },
  };
}

module.exports = { startInfluxDB };
