// A stand-in for the hub that serves web/dist and made-up figures, so that the page can be looked at and tested in states that a
// real hub is seldom in. Seeded; the time stands still.
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';

const kDist = new URL('../../web/dist/', import.meta.url);
const kTypes = { html: 'text/html', js: 'text/javascript', css: 'text/css', svg: 'image/svg+xml' };
export const kNow = Date.parse('2026-11-22T10:02:30Z') / 1000;

function random(seed) {
  let state = seed;
  return () => (state = (state * 48271) % 2147483647) / 2147483647;
}

// The load of a resource at a time: a day's rhythm and some noise.
function shape(resource, t) {
  const noise = random(Math.floor(t / 10) % 2147483000 + resource.length * 7919 + 1);
  noise();
  const hour = (t / 3600) % 24;
  const day = Math.exp(-(((hour - 14) / 4.5) ** 2));
  switch (resource) {
    case 'cpu':
      return 8 + 52 * day + 6 * noise();
    case 'ram':
      return 46 + 14 * day + noise();
    case 'disk':
      return 61 + ((t / 86400) % 30) * 0.4;
    case 'net_rx':
      return 2e5 + 6e6 * day * (0.8 + 0.4 * noise());
    default:
      return 8e4 + 2e6 * day * (0.8 + 0.4 * noise());
  }
}

const units = (resource) => (resource.startsWith('net') ? 'bytes_per_second' : 'percent');
const rfc = (seconds) => new Date(seconds * 1000).toISOString();

function stepFor(length) {
  return [10, 30, 60, 300, 900, 1800, 3600].find((s) => length / s <= 300) ?? 10800;
}

function metrics(resource, seconds) {
  const step = stepFor(seconds);
  const from = Math.floor((kNow - seconds) / step) * step;
  const count = Math.ceil((kNow - from) / step);
  const values = (base) =>
    Array.from({ length: count }, (_, i) => {
      const t = from + i * step;
      const gap = t > kNow - 9 * 3600 && t < kNow - 8 * 3600;
      return gap ? null : base + shape(resource, t);
    });
  const columns = [{ instance: resource === 'disk' ? '/' : '', values: values(0) }];
  if (resource === 'disk') columns.push({ instance: '/home', values: values(-38) });
  return { server: 'web-01', resource, title: resource, unit: units(resource), from: rfc(from), to: rfc(from + count * step), step_seconds: step, columns };
}

function forecast(resource, horizon) {
  const step = horizon === '1h' ? 300 : 1800;
  const origin = Math.floor(kNow / 300) * 300;
  const p50 = Array.from({ length: horizon === '1h' ? 12 : 48 }, (_, i) => shape(resource, origin + (i + 0.5) * step));
  const width = (i, v) => v * 0.04 * Math.sqrt(i + 1);
  const scale = resource.startsWith('net') ? 1e5 : 1;
  return {
    resource, title: resource, unit: units(resource), origin: rfc(origin), step_seconds: step, p50,
    p10: p50.map((v, i) => v - width(i, v)),
    p90: p50.map((v, i) => v + width(i, v)),
    method: 'combination',
    score: { method: 'combination', mae: 2.1 * scale, rmse: 3.2 * scale, mase: 0.7, coverage80: 0.79, points: 480 },
    seasonal_naive: { method: 'seasonal naive (day)', mae: 3.4 * scale, rmse: 5.1 * scale, mase: 1, coverage80: 0.8, points: 480 },
    note: '',
  };
}

const kServers = [
  { name: 'backup-03', state: 'silent', last_seen: rfc(kNow - 5400), created_at: rfc(kNow - 9e6) },
  { name: 'db-01', state: 'up', last_seen: rfc(kNow - 7), created_at: rfc(kNow - 9e6) },
  { name: 'new-box', state: 'new', last_seen: null, created_at: rfc(kNow - 60) },
  { name: 'web-01', state: 'up', last_seen: rfc(kNow - 4), created_at: rfc(kNow - 9e6) },
];

function status(name) {
  const server = kServers.find((s) => s.name === name);
  const load = { resource: 'load', title: 'Load', unit: 'load', instance: '', value: 1.42, time: rfc(kNow - 4) };
  return { server, uptime_seconds: server.state === 'new' ? null : 1234567, values: server.state === 'new' ? [] : [load] };
}

// A page of the list, as the hub gives it: the cursor is where it begins.
function page(servers, size, cursor) {
  const from = Number(cursor ?? 0);
  const next = from + size < servers.length ? String(from + size) : null;
  return { now: rfc(kNow), servers: servers.slice(from, from + size), next };
}

// `options`: { token, servers: false, broken: true, pageSize }
export function startHub(options = {}) {
  const api = (url, headers) => {
    if (options.broken) return [500, { detail: 'the hub failed at this; its log says why' }];
    if (url.pathname === '/health') return [200, { status: 'pass', message: '', version: '0.1.0' }];
    if (options.token && headers.authorization !== `Bearer ${options.token}`) return [401, { detail: 'send the read token' }];
    const [, name, what] = url.pathname.match(/^\/api\/v1\/servers(?:\/([^/]+)\/([a-z]+))?$/) ?? [];
    if (!name) return [200, page(options.servers === false ? [] : kServers, options.pageSize ?? 1000, url.searchParams.get('cursor'))];
    const fresh = decodeURIComponent(name) === 'new-box';
    if (what === 'status') return [200, status(decodeURIComponent(name))];
    if (what === 'metrics') {
      const m = metrics(url.searchParams.get('resource'), Number(url.searchParams.get('from').match(/\d+/)[0]));
      return [200, fresh ? { ...m, columns: [] } : m];
    }
    if (fresh) return [409, { detail: 'no history yet; a forecast needs a day of it' }];
    const horizon = url.searchParams.get('horizon');
    return [200, { trained_at: rfc(kNow - 20000), forecasts: ['cpu', 'ram', 'disk', 'net_rx', 'net_tx'].map((r) => forecast(r, horizon)) }];
  };
  const server = createServer(async (request, response) => {
    const url = new URL(request.url, 'http://localhost');
    if (url.pathname.startsWith('/api/') || url.pathname === '/health') {
      const [code, body] = api(url, request.headers);
      response.writeHead(code, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
      return;
    }
    const path = url.pathname === '/' ? 'index.html' : url.pathname.slice(1);
    const content = await readFile(new URL(path, kDist)).catch(() => null);
    const headers = { 'Content-Type': kTypes[path.split('.').pop()] ?? 'text/plain', 'Content-Security-Policy': "default-src 'self'" };
    response.writeHead(content ? 200 : 404, headers).end(content ?? '');
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const close = () => (server.closeAllConnections(), new Promise((done) => server.close(done)));
      resolve({ url: `http://127.0.0.1:${server.address().port}/`, close });
    });
  });
}
