'use strict';
// One person in one chat with the bot, as a test sees it: says things, presses buttons, reads what came.

const { visibleText } = require('./lib/rules');

const LOOK_EVERY_MS = 20;

const sleep = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

// Waits until `look` returns something. Fails after `ms`, saying what was waited for.
async function until(what, look, ms = 15000) {
  const deadline = Date.now() + ms;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > deadline) throw new Error(`waited ${ms} ms for ${what}`);
    await sleep(LOOK_EVERY_MS);
  }
}

function readable(update) {
  const { message } = update;
  const html = message.text !== undefined ? message.text : message.caption || '';
  const keyboard = (message.reply_markup && message.reply_markup.inline_keyboard) || [];
  return {
    id: update.messageId,
    html,
    text: visibleText(html, message.parse_mode),
    photo: message.photo,
    document: message.document,
    buttons: keyboard.flat(),
    markup: message.reply_markup,
    thread: message.message_thread_id,
    replyTo: message.reply_parameters && message.reply_parameters.message_id,
    edits: update.edits || 0,
  };
}

class Chat {
  constructor(emulator, { userId, name = 'Ann', chatId = userId, type = 'private', language = 'en', thread }) {
    this.emulator = emulator;
    this.chatId = chatId;
    this.client = emulator.server.getClient(emulator.token, { userId, chatId, type, firstName: name, userName: name });
    this.seen = 0;
    this.from = { from: { language_code: language } };
    this.place = { ...this.from, ...(thread && { message_thread_id: thread }) };
  }

  // All that the bot wrote here, as it stands now.
  messages() {
    return this.emulator.server.storage.botMessages
      .filter((update) => Number(update.message.chat_id) === this.chatId)
      .map(readable);
  }

  async say(text) {
    this.seen = this.messages().length;
    const isCommand = text.startsWith('/');
    if (isCommand) await this.client.sendCommand(this.client.makeCommand(text, this.place));
    else await this.client.sendMessage(this.client.makeMessage(text, this.place));
  }

  // The first message that came after the last `say` or `press` and fits.
  async next(what, fits = () => true, ms = undefined) {
    return until(`${what} in chat ${this.chatId}`, () => this.messages().slice(this.seen).find(fits), ms);
  }

  async ask(text, what, fits, ms) {
    await this.say(text);
    return this.next(what || `an answer to ${text}`, fits, ms);
  }

  // Presses the button of that label under a message. Returns the id of the press.
  async press(message, label) {
    const button = message.buttons.find((b) => b.text === label);
    if (!button) throw new Error(`no button "${label}" among ${message.buttons.map((b) => b.text)}`);
    return this.pressData(message, button.callback_data);
  }

  async pressData(message, data) {
    this.seen = this.messages().length;
    const { server, state } = this.emulator;
    const id = String(server.callbackId);
    state.presses.set(id, { pressedAt: Date.now() });
    const shown = { message_id: message.id, ...(message.photo ? { photo: [] } : { text: message.text }) };
    await this.client.sendCallback(this.client.makeCallbackQuery(data, { message: shown, ...this.from }));
    return id;
  }

  // What the app showed for a press, once the bot answered it.
  async answered(pressId) {
    return until(`the answer to press ${pressId}`, () => {
      const press = this.emulator.state.presses.get(pressId);
      return press.answeredAt && press;
    });
  }

  // The message once its text or picture was edited again.
  async edited(message, fits = () => true) {
    const newer = (m) => m.id === message.id && m.edits > message.edits && fits(m);
    return until(`an edit of message ${message.id}`, () => this.messages().find(newer));
  }
}

module.exports = { Chat, until, sleep };
