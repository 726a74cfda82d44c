// web/dist is committed, so that building the hub needs no Node: it must be what web/src builds to.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const kWeb = fileURLToPath(new URL('../../web/', import.meta.url));

function files(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((e) => e.isFile())
    .map((e) => join(e.parentPath ?? e.path, e.name).slice(folder.length + 1))
    .sort();
}

test('web/dist is what web/src builds to', () => {
  const out = mkdtempSync(join(tmpdir(), 'mps-web-'));
  try {
    if (!existsSync(join(kWeb, 'node_modules')))
      execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: kWeb, stdio: 'pipe' });
    execFileSync('npx', ['tsc', '--noEmit'], { cwd: kWeb, stdio: 'inherit' });
    execFileSync('npx', ['vite', 'build', '--outDir', out, '--logLevel', 'warn'], { cwd: kWeb, stdio: 'inherit' });
    const committed = join(kWeb, 'dist');
    assert.deepEqual(files(out), files(committed));
    for (const name of files(out))
      assert.ok(readFileSync(join(out, name)).equals(readFileSync(join(committed, name))), `${name} differs: run npm run build in web/ and commit web/dist`);
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
});
