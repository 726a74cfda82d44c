// web/swagger is committed, so that building the hub needs no Node: it must be what its package holds.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';

const kWeb = fileURLToPath(new URL('../../web/', import.meta.url));

test('web/swagger is what swagger-ui-dist packs to', () => {
  const out = mkdtempSync(join(tmpdir(), 'mps-swagger-'));
  try {
    if (!existsSync(join(kWeb, 'node_modules', 'swagger-ui-dist')))
      execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: kWeb, stdio: 'pipe' });
    execFileSync('node', [join(kWeb, 'swagger', 'pack.mjs'), out], { stdio: 'inherit' });
    for (const name of ['swagger-ui.css.gz', 'swagger-ui-bundle.js.gz'])
      assert.ok(gunzipSync(readFileSync(join(out, name))).equals(gunzipSync(readFileSync(join(kWeb, 'swagger', name)))), `${name} differs: run npm run swagger in web/ and commit it`);
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
});
