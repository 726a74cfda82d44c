'use strict';
// The Telegram Bot API for end-to-end tests: the npm package telegram-test-api, with what it lacks put in front of it
// (multipart uploads, true long polls, edits that are checked), faults on demand, and a strict eye on every call: what
// the real API would refuse is refused here too, and stands in `violations` for the test to fail on.
//
// What it adds was written from the public documentation; it is our reading of it, not Telegram's own judgement.

const TelegramServer = require('telegram-test-api');
const { routes } = require('telegram-test-api/lib/routes/index');

const { accept } = require('./lib/answers');
const { gate } = require('./lib/gate');
const { answerCallbackQuery, edit, newCaption, newMedia, newText, sendFile } = require('./lib/messages');
const { multipart } = require('./lib/multipart');
const { getUpdates } = require('./lib/updates');
const { deleteWebhook, getWebhookInfo, setWebhook } = require('./lib/webhook');

class State {
  constructor() {
    this.token = '';
    this.calls = []; // every call but getUpdates: {method, body, files, at, accepted}
    this.violations = []; // sentences; a test that ends with any has failed
    this.faults = []; // {method or '*', times, status, description, parameters} or {method, times, drop: true}
    this.blockedChats = new Set(); // ids of chats that blocked the bot
    this.presses = new Map(); // callback query id -> {answeredAt, toast}
    this.poll = null;
    this.webhook = null; // {url, secret, lastError} while one is set
    this.updatesHeld = false; // true: no updates are delivered until it is false again
    this.updatesMixed = false; // true: getUpdates answers with the newest first, twice, and again what was confirmed
    this.confirmed = []; // while they are mixed
    this.delivered = []; // to the webhook: {update, status}
  }
}

function installRoutes(app, server) {
  const state = new State();
  server.state = state;
  app.all('/bot:token/:method', multipart, gate(state));
  const on = (method, handler) => app.all(`/bot:token/${method}`, handler);
  on('getUpdates', getUpdates(server, state));
  on('setWebhook', setWebhook(server, state));
  on('deleteWebhook', deleteWebhook(state));
  on('getWebhookInfo', getWebhookInfo(server, state));
  on('getMe', (req, res) => accept(res, { id: 123456, is_bot: true, first_name: 'MPS', username: 'mps_test_bot' }));
  on('sendPhoto', sendFile(server, 'photo'));
  on('sendDocument', sendFile(server, 'document'));
  on('editMessageText', edit(server, newText));
  on('editMessageCaption', edit(server, newCaption));
  on('editMessageMedia', edit(server, newMedia));
  on('answerCallbackQuery', answerCallbackQuery(state));
  on('setMyCommands', (req, res) => accept(res, true));
  on('deleteMyCommands', (req, res) => accept(res, true));
}

// The package hands every server it makes to each of its routes: ours come first.
routes.unshift(installRoutes);

// Starts an emulator on a port of the system's choice. Returns {url, state, server, stop}.
async function startEmulator({ token = '123456:TEST' } = {}) {
  const server = new TelegramServer({ host: '127.0.0.1', storeTimeout: 3600 });
  server.state.token = token;
  server.config.port = 0;
  await server.start();
  server.config.apiURL = `http://127.0.0.1:${server.server.address().port}`;
  const stop = () => {
    server.state.webhook = null;
    return server.stop();
  };
  return { url: server.config.apiURL, token, state: server.state, server, stop };
}

module.exports = { startEmulator };

if (require.main === module) {
  startEmulator().then(({ url, token }) => console.log(`MPS_TELEGRAM_API_URL=${url} MPS_TELEGRAM_TOKEN=${token}`));
}
