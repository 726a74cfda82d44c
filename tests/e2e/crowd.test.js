'use strict';
// Two hundred chats press a button at once. No times are demanded here (bench/README.md has them): that each is answered
// once and gets its picture, and that answers do not wait for pictures.

const assert = require('node:assert');
const { test } = require('node:test');

const { crowd, figures } = require('./crowd');

const CHATS = 200;

test('every press is answered and drawn, and no answer waits for the pictures of others', async (t) => {
  const { presses, violations } = await crowd(CHATS);
  assert.strictEqual(presses.length, CHATS);
  assert.deepStrictEqual(presses.filter((p) => !p.answeredAt || !p.pictureAt), []);
  assert.deepStrictEqual(violations, []);
  const lastAnswer = Math.max(...presses.map((p) => p.answeredAt));
  const drawnBefore = presses.filter((p) => p.pictureAt < lastAnswer).length;
  assert.ok(drawnBefore < CHATS / 2, `${drawnBefore} pictures were there before the last answer`);
  t.diagnostic(`press to answer, ms: ${JSON.stringify(figures(presses.map((p) => p.answeredAt - p.pressedAt)))}`);
});
