'use strict';
const assert = require('node:assert');
const { after, before, describe, test } = require('node:test');

const { Chat } = require('./chat');
const { startEmulator } = require('./emulator');
const { parseHtml } = require('./lib/html');
const { complaintsAbout } = require('./lib/rules');
const { specComplaints } = require('./lib/spec');

const png = (width, height) => {
  const content = Buffer.alloc(64);
  Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]).copy(content);
  content.writeUInt32BE(width, 16);
  content.writeUInt32BE(height, 20);
  return { name: 'a.png', type: 'image/png', content };
};

test('HTML is read as Telegram reads it', () => {
  assert.strictEqual(parseHtml('<b>1 &lt; 2</b> <a href="x">y</a>'), '1 < 2 y');
  assert.strictEqual(parseHtml('<pre><code class="language-sh">ls</code></pre>&#65;'), 'lsA');
  for (const wrong of ['<b>x', '<b>x</i>', '<p>x</p>', 'a < b', 'a & b', '&nbsp;', 'x</b>', '<b class="x">y</b>']) {
    assert.throws(() => parseHtml(wrong), undefined, wrong);
  }
});

describe('A complaint is made about', () => {
  const message = { chat_id: 42, text: 'x', parse_mode: 'HTML' };
  const button = (data) => ({ inline_keyboard: [[{ text: 'b', callback_data: data }]] });
  const cases = {
    'a text that is too long': ['sendMessage', { ...message, text: 'x'.repeat(4097) }],
    'an empty text': ['sendMessage', { ...message, text: '' }],
    'a text of nothing but tags': ['sendMessage', { ...message, text: '<b></b>' }],
    'broken HTML': ['sendMessage', { ...message, text: '<b>' }],
    'a missing chat': ['sendMessage', { text: 'x' }],
    'a chat that is no number': ['sendMessage', { ...message, chat_id: 'x' }],
    'an unknown field': ['sendMessage', { ...message, txet: 'x' }],
    'too much callback_data': ['sendMessage', { ...message, reply_markup: button('x'.repeat(65)) }],
    'empty callback_data': ['sendMessage', { ...message, reply_markup: button('') }],
    'a caption that is too long': ['sendPhoto', { chat_id: '42', caption: 'x'.repeat(1025) }, { photo: png(9, 9) }],
    'a photo that is no PNG': ['sendPhoto', { chat_id: '42' }, { photo: { content: Buffer.from('JFIF, not PNG...') } }],
    'a photo that is too narrow': ['sendPhoto', { chat_id: '42' }, { photo: png(10, 900) }],
    'a missing photo': ['sendPhoto', { chat_id: '42' }],
    'an unknown method': ['sendMagic', {}],
    'a scope without a chat': ['setMyCommands', { commands: [], scope: { type: 'chat' } }],
    'a scope that does not exist': ['deleteMyCommands', { scope: { type: 'world' } }],
  };
  for (const [name, [method, body, files = {}]] of Object.entries(cases)) {
    test(name, () => assert.strictEqual(complaintsAbout(method, body, files).length, 1));
  }
});

test('the description of the Bot API is held to, all the way down', () => {
  const markup = (button) => JSON.stringify({ inline_keyboard: [[button]] });
  const about = (method, body, files) => specComplaints(method, body, files).join();
  assert.match(about('sendMessage', { chat_id: 42 }), /lacks text/);
  assert.match(about('sendMessage', { chat_id: 42, text: 'x', reply_parameters: { message_id: 'x' } }), /message_id is no Integer/);
  assert.match(about('sendMessage', { chat_id: 42, text: 'x', reply_markup: markup({ text: 'x', data: 'y' }) }), /is none of|has no field/);
  assert.match(about('setMyCommands', { commands: [{ command: 'x' }] }), /lacks description/);
  assert.match(about('sendPhoto', { chat_id: '42' }, {}), /lacks photo/);
  assert.strictEqual(about('sendPhoto', { chat_id: '42', message_thread_id: '7' }, { photo: {} }), '');
  assert.strictEqual(about('sendMessage', { chat_id: 42, text: 'x', reply_markup: markup({ text: 'x', callback_data: 'y' }) }), '');
  assert.strictEqual(about('setMyCommands', { commands: [], scope: { type: 'chat', chat_id: 42 } }), '');
});

test('A right call is no reason to complain', () => {
  const text = `<b>${'&lt;'.repeat(4096)}</b>`;
  assert.deepStrictEqual(complaintsAbout('sendMessage', { chat_id: 42, text, parse_mode: 'HTML' }, {}), []);
  assert.deepStrictEqual(complaintsAbout('sendPhoto', { chat_id: '-42', caption: '' }, { photo: png(900, 500) }), []);
});

describe('The running emulator', () => {
  let emulator;
  let chat;
  const call = (method, body) =>
    fetch(`${emulator.url}/bot${emulator.token}/${method}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    }).then((response) => response.json());

  before(async () => {
    emulator = await startEmulator();
    chat = new Chat(emulator, { userId: 42 });
  });
  after(() => emulator.stop());

  test('hands an update out until it is confirmed, and holds a poll until there is one', async () => {
    const poll = call('getUpdates', { timeout: 10 });
    await chat.say('/start');
    const [update] = (await poll).result;
    assert.strictEqual(update.message.text, '/start');
    assert.strictEqual((await call('getUpdates', {})).result.length, 1);
    assert.strictEqual((await call('getUpdates', { offset: update.update_id + 1 })).result.length, 0);
  });

  test('ends an older poll with 409 when a newer one comes', async () => {
    const older = call('getUpdates', { timeout: 10 });
    await new Promise((resolve) => { setTimeout(resolve, 50); });
    await call('getUpdates', { timeout: 0 });
    assert.strictEqual((await older).error_code, 409);
  });

  test('knows an edit that changes nothing, and a message that is not there', async () => {
    const { result } = await call('sendMessage', { chat_id: 42, text: 'one' });
    const edit = { chat_id: 42, message_id: result.message_id, text: 'two' };
    assert.strictEqual((await call('editMessageText', edit)).ok, true);
    assert.match((await call('editMessageText', edit)).description, /not modified/);
    assert.match((await call('editMessageText', { ...edit, message_id: 999 })).description, /not found/);
  });

  test('fails on demand, as often as asked', async () => {
    emulator.state.faults.push(
      { method: 'sendMessage', times: 1, status: 429, description: 'Too Many Requests', parameters: { retry_after: 1 } });
    const refused = await call('sendMessage', { chat_id: 42, text: 'x' });
    assert.strictEqual(refused.parameters.retry_after, 1);
    assert.strictEqual((await call('sendMessage', { chat_id: 42, text: 'x' })).ok, true);
    emulator.state.faults.push({ method: 'getMe', times: 1, drop: true });
    await assert.rejects(call('getMe', {}));
  });

  test('refuses a wrong token and a blocked chat', async () => {
    const response = await fetch(`${emulator.url}/bot1:WRONG/getMe`);
    assert.strictEqual(response.status, 401);
    emulator.state.blockedChats.add(66);
    assert.strictEqual((await call('sendMessage', { chat_id: 66, text: 'x' })).error_code, 403);
  });

  test('counts a press as answered once, and only where there was one', async () => {
    const { result } = await call('sendMessage', { chat_id: 42, text: 'x' });
    const id = await chat.pressData({ id: result.message_id, text: 'x' }, 'data');
    assert.strictEqual((await call('answerCallbackQuery', { callback_query_id: id })).ok, true);
    assert.match((await call('answerCallbackQuery', { callback_query_id: id })).description, /too old/);
  });

  test('ends without a violation', () => assert.deepStrictEqual(emulator.state.violations, []));
});
