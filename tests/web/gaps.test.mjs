// What the page takes for a gap in a line.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';

const kWeb = new URL('../../web/', import.meta.url);
const { transformSync } = createRequire(new URL('package.json', kWeb))('esbuild');
const source = transformSync(readFileSync(new URL('src/gaps.ts', kWeb), 'utf8'), { loader: 'ts' }).code;
const { withoutFalseGaps } = await import(`data:text/javascript,${encodeURIComponent(source)}`);
const u = undefined;

test('a server that sends every third cell is drawn as a line', () => {
  assert.deepEqual(withoutFalseGaps([1, null, null, 2, null, null, 3, null]), [1, u, u, 2, u, u, 3, null]);
});

test('one lost sample of such a server is no gap, two are', () => {
  assert.deepEqual(withoutFalseGaps([1, null, 2, null, null, null, 3, null, 4]), [1, u, 2, u, u, u, 3, u, 4]);
  const two = [1, null, 2, null, null, null, null, null, 3, null, 4];
  assert.deepEqual(withoutFalseGaps(two), [1, u, 2, null, null, null, null, null, 3, u, 4]);
});

test('where every cell has a value, an empty one is a gap', () => {
  assert.deepEqual(withoutFalseGaps([1, 2, null, 3, 4]), [1, 2, null, 3, 4]);
  assert.deepEqual(withoutFalseGaps([null, null]), [null, null]);
});
