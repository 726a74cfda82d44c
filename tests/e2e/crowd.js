'use strict';
// Many chats that press a button at the same moment. Says when each press was answered, and when its picture was there.
//   node crowd.js [CHATS]    measures alone, and prints the figures

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const { Program, run } = require('./programs');
const { until } = require('./telegram-emulator/chat');
const { startEmulator } = require('./telegram-emulator/emulator');

const FIRST_CHAT = 1000;
const PATIENCE_MS = 120_000;

function dayOfLines(now) {
  const lines = [];
  for (let at = now - 86400; at <= now; at += 10) {
    const busy = 40 + 30 * Math.sin(at / 5000) + (at % 70) / 7;
    lines.push(`cpu,cpu=cpu-total usage_idle=${(100 - busy).toFixed(1)} ${at}`);
  }
  return lines;
}

const messageOf = (chat) => ({
  from: { id: chat, first_name: `P${chat}`, username: `p${chat}`, is_bot: false, language_code: 'en' },
  chat: { id: chat, type: 'private', first_name: `P${chat}` },
});

// All updates in one tick of the emulator.
async function sayAll(emulator, chats, text) {
  for (const chat of chats) {
    const meta = { botToken: emulator.token, date: Math.floor(Date.now() / 1000) };
    await emulator.server.addUserMessage({ ...messageOf(chat), ...meta, text });
  }
}

async function pressAll(emulator, chats, buttonOf) {
  const { server, state, token } = emulator;
  const presses = [];
  for (const chat of chats) {
    const { message, data } = buttonOf(chat);
    const id = String(server.callbackId);
    const press = { chat, id, pressedAt: Date.now() };
    state.presses.set(id, press);
    presses.push(press);
    const shown = { ...messageOf(chat), message_id: message.messageId, text: message.message.text };
    await server.addUserCallback({ botToken: token, date: 1, from: messageOf(chat).from, message: shown, data });
  }
  return presses;
}

// Each of `count` chats presses "Graph" under the status of a server. Returns the presses: {chat, pressedAt, answeredAt,
// pictureAt}, all of them answered and drawn; and the violations of the Bot API.
async function crowd(count) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'mps-crowd-'));
  const emulator = await startEmulator();
  const hub = new Program('mps', ['serve', '--data', folder, '--listen', '127.0.0.1:0', '--time-zone', 'UTC'], {
    MPS_TELEGRAM_TOKEN: emulator.token,
    MPS_TELEGRAM_API_URL: emulator.url,
  });
  const { state, server } = emulator;
  try {
    const [, hubUrl] = await hub.wrote(/listening on (http:\S+)/);
    const chats = Array.from({ length: count }, (_, i) => FIRST_CHAT + i);
    for (const chat of chats) {
      await run('mps', ['chat', 'add', '--chat', `${chat}`, '--user', `${chat}`, '--name', `P${chat}`, '--data', folder]);
    }
    const token = (await run('mps', ['server', 'add', 'web-1', '--data', folder])).trim();
    const body = dayOfLines(Math.floor(Date.now() / 1000)).join('\n');
    const headers = { Authorization: `Token ${token}` };
    const written = await fetch(`${hubUrl}/api/v2/write?precision=s`, { method: 'POST', headers, body });
    if (written.status !== 204) throw new Error(`the hub refused the samples: ${written.status}`);

    await sayAll(emulator, chats, '/status web-1');
    await until('a status in every chat', () => server.storage.botMessages.length >= count, PATIENCE_MS);
    const statusOf = new Map(server.storage.botMessages.map((m) => [Number(m.message.chat_id), m]));
    const from = state.calls.length;
    const presses = await pressAll(emulator, chats, (chat) => {
      const message = statusOf.get(chat);
      const button = message.message.reply_markup.inline_keyboard.flat().find((b) => b.text === 'Graph');
      return { message, data: button.callback_data };
    });
    const drawn = () => state.calls.slice(from).filter((c) => c.method === 'sendPhoto' && c.accepted);
    await until('all pictures', () => drawn().length >= count, PATIENCE_MS);
    await until('all answers', () => presses.every((p) => p.answeredAt), PATIENCE_MS);
    const pictureAt = new Map(drawn().map((c) => [Number(c.body.chat_id), c.at]));
    return { presses: presses.map((p) => ({ ...p, pictureAt: pictureAt.get(p.chat) })), violations: state.violations };
  } finally {
    await hub.stop('SIGKILL');
    await emulator.stop();
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

function figures(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (q) => sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))];
  return { median: at(0.5), p95: at(0.95), max: sorted.at(-1) };
}

module.exports = { crowd, figures };

if (require.main === module) {
  const count = Number(process.argv[2] || 200);
  crowd(count).then(({ presses }) => {
    const line = (what, values) => {
      const { median, p95, max } = figures(values);
      console.log(`${what}, ms: median ${median}, 95 % ${p95}, max ${max}`);
    };
    console.log(`${count} chats press at once`);
    line('press to answerCallbackQuery', presses.map((p) => p.answeredAt - p.pressedAt));
    line('press to picture', presses.map((p) => p.pictureAt - p.pressedAt));
  });
}
