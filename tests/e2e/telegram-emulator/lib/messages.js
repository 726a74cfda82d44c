'use strict';
// Messages of the bot: sent, edited, and the presses of their buttons answered.

const { accept, refuse, messageShape } = require('./answers');
const { asJson } = require('./rules');

const NOT_MODIFIED = 'Bad Request: message is not modified: specified new message content and reply markup are exactly '
  + 'the same as a current content and reply markup of the message';
const TOO_OLD = 'Bad Request: query is too old and response timeout expired or query ID is invalid';

const added = (server) => server.storage.botMessages[server.storage.botMessages.length - 1];

// sendPhoto and sendDocument.
function sendFile(server, kind) {
  return (req, res) => {
    server.addBotMessage({ ...req.body, [kind]: req.files[kind] }, req.params.token);
    accept(res, messageShape(added(server)));
  };
}

function findMessage(server, body) {
  return server.storage.botMessages.find(
    (u) => u.messageId === Number(body.message_id) && Number(u.message.chat_id) === Number(body.chat_id));
}

const snapshot = (message) => JSON.stringify([message.text, message.caption, message.photo, message.reply_markup]);

// `change` returns the new content, or a refusal's description.
function edit(server, change) {
  return (req, res) => {
    const update = findMessage(server, req.body);
    if (!update) return refuse(res, 400, 'Bad Request: message to edit not found');
    const changed = change(update.message, req);
    if (typeof changed === 'string') return refuse(res, 400, changed);
    const markup = asJson(req.body.reply_markup);
    const message = { ...update.message, ...changed, reply_markup: markup };
    if (snapshot(message) === snapshot(update.message)) return refuse(res, 400, NOT_MODIFIED);
    update.message = message;
    update.edits = (update.edits || 0) + 1;
    return accept(res, { ...messageShape(update), edit_date: Math.floor(Date.now() / 1000) });
  };
}

function newText(message, req) {
  if (message.text === undefined) return 'Bad Request: there is no text in the message to edit';
  return { text: req.body.text };
}

function newCaption(message, req) {
  if (!message.photo) return 'Bad Request: there is no caption in the message to edit';
  return { caption: req.body.caption, parse_mode: req.body.parse_mode };
}

// A text can't become a picture.
function newMedia(message, req) {
  if (message.text !== undefined) return 'Bad Request: there is no media in the message to edit';
  const media = asJson(req.body.media);
  const photo = req.files[media.media.replace('attach://', '')];
  return { photo, caption: media.caption, parse_mode: media.parse_mode };
}

function answerCallbackQuery(state) {
  return (req, res) => {
    const press = state.presses.get(req.body.callback_query_id);
    if (!press || press.answeredAt) return refuse(res, 400, TOO_OLD);
    press.answeredAt = Date.now();
    press.toast = req.body.text || '';
    return accept(res, true);
  };
}

module.exports = { sendFile, edit, newCaption, newText, newMedia, answerCallbackQuery };
