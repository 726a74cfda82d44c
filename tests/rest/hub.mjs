// The real hub, with a token of each role, and a client that holds every answer against the hub's own OpenAPI document.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import Ajv2020 from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

const kBinaries = process.env.MPS_BIN_DIR ?? fileURLToPath(new URL('../../build/release/', import.meta.url));
const kReady = /listening on (https?:\/\/\S+)/;
export const kRoles = ['viewer', 'operator', 'admin', 'owner'];

// Without what the caller's own environment says about hubs and bots.
const kEnvironment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('MPS_')));

export async function startHub(options = []) {
  const data = mkdtempSync(join(tmpdir(), 'mps-rest-'));
  const child = spawn(join(kBinaries, 'mps'), ['serve', '--data', data, '--listen', '127.0.0.1:0', ...options], { env: kEnvironment, stdio: ['ignore', 'pipe', 'pipe'] });
  const hub = { data, child, output: '', tokens: {} };
  const exited = new Promise((resolve) => child.on('exit', (code, signal) => resolve({ code, signal })));
  await new Promise((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (text) => {
        hub.output += text;
        const found = kReady.exec(hub.output);
        if (found) resolve((hub.url = found[1]));
      });
    exited.then(() => reject(new Error(`the hub ended: ${hub.output}`)));
  });
  hub.command = async (...args) => (await promisify(execFile)(join(kBinaries, 'mps'), [...args, '--data', data], { env: kEnvironment })).stdout.trim();
  for (const role of kRoles) hub.tokens[role] = await hub.command('api-token', 'add', `test ${role}`, '--role', role);
  hub.stop = async () => {
    child.kill('SIGTERM');
    const ended = await exited;
    rmSync(data, { recursive: true, force: true });
    return ended;
  };
  return hub;
}

// Of one hub. `document` is what it says of itself.
export class Client {
  constructor(hub, document) {
    this.hub = hub;
    this.document = document;
    this.ajv = new Ajv2020({ strict: false, allErrors: true });
    addFormats(this.ajv);
    this.ajv.addFormat('binary', true);
    this.ajv.addSchema({ $id: 'hub', components: document.components });
    this.seen = new Set();
  }

  schema(schema) {
    return this.ajv.compile(JSON.parse(JSON.stringify(schema).replaceAll('"#/components/', '"hub#/components/')));
  }

  // Asks, and holds the answer against the document. Returns status, headers, and JSON where it is JSON.
  async ask(method, path, { body, token = this.hub.tokens.owner, headers = {}, template } = {}) {
    const sent = { ...headers, ...(token ? { Authorization: `Bearer ${token}` } : {}) };
    if (body !== undefined) sent['Content-Type'] ??= 'application/json';
    const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
    const response = await fetch(this.hub.url + path, { method, headers: sent, body: text, redirect: 'manual' });
    const bytes = Buffer.from(await response.arrayBuffer());
    const answer = { status: response.status, headers: response.headers, bytes };
    if ((response.headers.get('content-type') ?? '').includes('json')) answer.json = JSON.parse(bytes.toString());
    this.check(method, template ?? this.template(path), answer);
    return answer;
  }

  template(path) {
    const parts = path.split('?')[0].split('/');
    const fits = (template) => template.split('/').length === parts.length && template.split('/').every((part, i) => part.startsWith('{') || part === parts[i]);
    const found = Object.keys(this.document.paths).filter(fits);
    return found.find((template) => !template.includes('{')) ?? found[0];
  }

  check(method, template, answer) {
    const operation = this.document.paths[template]?.[method.toLowerCase()];
    assert.ok(operation, `${method} ${template} is in the document`);
    const where = `${method} ${template} -> ${answer.status}`;
    const said = operation.responses[answer.status] ?? operation.responses.default;
    assert.ok(said, `${where} is in the document: ${answer.bytes}`);
    const content = Object.entries(said.content ?? {})[0];
    if (!content) return assert.equal(answer.bytes.length, 0, `${where} has no body`);
    assert.equal(answer.headers.get('content-type'), content[0], `${where}: ${answer.bytes.subarray(0, 300)}`);
    if (answer.json === undefined) return;
    const validate = this.schema(content[1].schema);
    assert.ok(validate(answer.json), `${where}: ${JSON.stringify(validate.errors)} in ${JSON.stringify(answer.json).slice(0, 500)}`);
    this.seen.add(`${method} ${template}`);
  }
}

export async function clientOf(hub) {
  return new Client(hub, await (await fetch(`${hub.url}/openapi.json`)).json());
}

// A server with an hour of figures.
export async function addServer(client, name, tags = []) {
  const added = await client.ask('POST', '/api/v1/servers', { body: { name, tags } });
  assert.equal(added.status, 201);
  const now = Math.floor(Date.now() / 1000);
  const lines = Array.from({ length: 60 }, (_, i) => `mem used_percent=${95 + (i % 3)} ${now - i * 60}\ncpu,cpu=cpu-total usage_idle=${40 + (i % 7)} ${now - i * 60}\ndisk,path=/ used_percent=61 ${now - i * 60}`);
  const written = await fetch(`${client.hub.url}/api/v2/write?precision=s`, { method: 'POST', headers: { Authorization: `Token ${added.json.token}` }, body: lines.join('\n') });
  assert.equal(written.status, 204);
  return added.json;
}
