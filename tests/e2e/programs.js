'use strict';
// The real programs, started and stopped by a test. MPS_BIN_DIR names the folder they were built in.

const { execFile, spawn } = require('node:child_process');
const path = require('node:path');
const { promisify } = require('node:util');

const { until } = require('./telegram-emulator/chat');

const BIN = process.env.MPS_BIN_DIR || path.join(__dirname, '..', '..', 'build', 'release');
const binary = (name) => path.join(BIN, name);

// Without what the caller's own environment says about hubs and bots. E2E_STORE_URL is the hubs' --store.
function cleanEnvironment(extra) {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('MPS_'));
  const store = process.env.E2E_STORE_URL ? { MPS_STORE: process.env.E2E_STORE_URL } : {};
  return { ...Object.fromEntries(inherited), ...store, ...extra };
}

class Program {
  constructor(name, args, env = {}) {
    this.name = name;
    this.output = '';
    this.child = spawn(binary(name), args, { env: cleanEnvironment(env), stdio: ['ignore', 'pipe', 'pipe'] });
    this.exited = new Promise((resolve) => { this.child.on('exit', (code, signal) => resolve({ code, signal })); });
    this.child.on('error', (error) => { this.output += `\n${error}`; });
    for (const stream of [this.child.stdout, this.child.stderr]) stream.on('data', (text) => { this.output += text; });
  }

  // The match of `pattern` in what the program wrote so far.
  async wrote(pattern, ms) {
    return until(`${this.name} to write ${pattern}`, () => {
      const found = pattern.exec(this.output);
      if (!found && this.child.exitCode !== null) throw new Error(`${this.name} ended: ${this.output}`);
      return found;
    }, ms);
  }

  // Asks it to end. Returns how it did, and after how many milliseconds.
  async stop(signal = 'SIGTERM') {
    const begin = Date.now();
    this.child.kill(signal);
    const ended = await this.exited;
    return { ...ended, ms: Date.now() - begin };
  }
}

// A command that ends by itself. Returns what it wrote to stdout; fails with what it wrote to stderr.
async function run(name, args, env = {}) {
  const options = { env: cleanEnvironment(env), maxBuffer: 64 * 1024 * 1024 };
  const { stdout } = await promisify(execFile)(binary(name), args, options);
  return stdout;
}

module.exports = { Program, binary, cleanEnvironment, run };
