'use strict';
// What the Bot API demands of each call that the bot makes. A rule is a function from a value to a complaint, or to
// nothing where all is well.

const { parseHtml, HtmlError } = require('./html');
const { specComplaints } = require('./spec');

const TEXT_MAX = 4096;
const CAPTION_MAX = 1024;
const PHOTO_BYTES_MAX = 10 * 1024 * 1024;
const PNG_MAGIC = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

// Multipart fields are texts; everything else keeps its JSON type.
const asJson = (value) => {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
};

const integer = (value) => (Number.isSafeInteger(asJson(value)) ? null : `is not an integer: ${JSON.stringify(value)}`);
const boolean = (value) => (typeof asJson(value) === 'boolean' ? null : 'is not true or false');
const string = (value) => (typeof value === 'string' ? null : `is not a text: ${JSON.stringify(value)}`);
const object = (value) => (asJson(value) && typeof asJson(value) === 'object' ? null : 'is not an object');
const nonEmpty = (value) => string(value) || (value.length > 0 ? null : 'is empty');
const stringOf = (min, max) => (value) =>
  string(value) || (value.length >= min && value.length <= max ? null : `has ${value.length} characters, not ${min}-${max}`);
const integerOf = (min, max) => (value) =>
  integer(value) || (asJson(value) >= min && asJson(value) <= max ? null : `is not within ${min}-${max}`);
const oneOf = (...allowed) => (value) => (allowed.includes(value) ? null : `is not one of ${allowed}`);

function inlineButton(button) {
  if (typeof button.text !== 'string' || button.text.length === 0) return 'has a button without text';
  const bytes = Buffer.byteLength(button.callback_data || '');
  return bytes >= 1 && bytes <= 64 ? null : `has callback_data of ${bytes} bytes ("${button.callback_data}"), not 1-64`;
}

function inlineKeyboard(rows) {
  if (!Array.isArray(rows) || !rows.every((row) => Array.isArray(row) && row.length >= 1 && row.length <= 8)) {
    return 'is not an array of rows of 1-8 buttons';
  }
  const buttons = rows.flat();
  if (buttons.length > 100) return `has ${buttons.length} buttons, over 100`;
  return buttons.map(inlineButton).find(Boolean) || null;
}

function replyMarkup(value) {
  const markup = asJson(value);
  if (!markup || typeof markup !== 'object') return 'is not an object';
  if (markup.inline_keyboard) return inlineKeyboard(markup.inline_keyboard);
  if (markup.force_reply !== true) return 'is neither an inline keyboard nor a forced reply';
  const placeholder = markup.input_field_placeholder;
  return placeholder === undefined || (placeholder.length >= 1 && placeholder.length <= 64)
    ? null
    : 'has a placeholder that is not of 1-64 characters';
}

function visibleText(text, parseMode) {
  return parseMode === 'HTML' ? parseHtml(text) : text;
}

// A text of min to max UTF-16 units once its entities are parsed.
function parsedText(text, parseMode, min, max) {
  try {
    const { length } = visibleText(text, parseMode).trim();
    return length >= min && length <= max ? null : `has ${length} characters after parsing, not ${min}-${max}`;
  } catch (error) {
    if (error instanceof HtmlError) return `can't parse entities: ${error.message}`;
    throw error;
  }
}

function photoFile(file) {
  const { content } = file;
  if (!content.subarray(0, 8).equals(PNG_MAGIC)) return 'is not a PNG';
  if (content.length > PHOTO_BYTES_MAX) return `has ${content.length} bytes, over 10 MB`;
  const [width, height] = [content.readUInt32BE(16), content.readUInt32BE(20)];
  if (width + height > 10000) return `is ${width} x ${height}, over 10000 together`;
  return Math.max(width / height, height / width) > 20 ? `is ${width} x ${height}, a ratio over 20` : null;
}

const upload = (name, check) => (body, files) => {
  if (!files[name]) return `there is no ${name} in the request`;
  const complaint = check(files[name]);
  return complaint && `${name} ${complaint}`;
};

const html = (field, max) => (body) => {
  if (body[field] === undefined) return null;
  const complaint = parsedText(body[field], body.parse_mode, field === 'text' ? 1 : 0, max);
  return complaint && `${field} ${complaint}`;
};

function mediaPhoto(body, files) {
  const media = asJson(body.media) || {};
  if (media.type !== 'photo') return 'media is not a photo';
  const attached = /^attach:\/\/(.+)$/.exec(media.media || '');
  if (!attached || !files[attached[1]]) return 'media names no attached file';
  return photoFile(files[attached[1]]) || html('caption', CAPTION_MAX)(media);
}

function commandList(value) {
  const commands = asJson(value);
  if (!Array.isArray(commands) || commands.length > 100) return 'is not a list of at most 100 commands';
  const wrong = commands.find(
    (c) => !/^[a-z0-9_]{1,32}$/.test(c.command) || stringOf(1, 256)(c.description) !== null);
  return wrong ? `has a wrong command ${JSON.stringify(wrong)}` : null;
}

const LANGUAGE_CODE = stringOf(2, 2); // ISO 639-1

function commandScope(value) {
  const scope = asJson(value);
  if (!scope || typeof scope !== 'object') return 'is not an object';
  if (['default', 'all_private_chats', 'all_group_chats', 'all_chat_administrators'].includes(scope.type)) return null;
  if (!['chat', 'chat_administrators', 'chat_member'].includes(scope.type)) return `has no known type: ${scope.type}`;
  return Number.isSafeInteger(scope.chat_id) ? null : 'has no chat_id';
}

// Telegram itself wants https; a Bot API server of one's own takes http, and so does this one.
const webhookUrl = (value) => (/^https?:\/\/[^/]+\//.test(value) ? null : `is no URL with a path: ${value}`);
const secretToken = (value) => (/^[A-Za-z0-9_-]{1,256}$/.test(value) ? null : 'is not of 1-256 letters, digits, _ and -');

const MESSAGE_OPTIONS = {
  parse_mode: oneOf('HTML'),
  reply_markup: replyMarkup,
  message_thread_id: integer,
  reply_parameters: object,
};
const EDIT_ADDRESS = { chat_id: integer, message_id: integer };

// required and optional: rules by field; whole: rules of (body, files).
const METHODS = {
  getMe: {},
  getUpdates: {
    optional: { offset: integer, limit: integerOf(1, 100), timeout: integerOf(0, 50), allowed_updates: object },
  },
  setWebhook: {
    required: { url: webhookUrl },
    optional: { secret_token: secretToken, max_connections: integerOf(1, 100), allowed_updates: object },
  },
  getWebhookInfo: {},
  deleteWebhook: { optional: { drop_pending_updates: boolean } },
  setMyCommands: { required: { commands: commandList }, optional: { language_code: LANGUAGE_CODE, scope: commandScope } },
  deleteMyCommands: { optional: { language_code: LANGUAGE_CODE, scope: commandScope } },
  answerCallbackQuery: {
    required: { callback_query_id: nonEmpty },
    optional: { text: stringOf(0, 200), show_alert: boolean },
  },
  sendMessage: {
    required: { chat_id: integer, text: string },
    optional: { ...MESSAGE_OPTIONS, link_preview_options: object },
    whole: [html('text', TEXT_MAX)],
  },
  editMessageText: {
    required: { ...EDIT_ADDRESS, text: string },
    optional: { parse_mode: oneOf('HTML'), reply_markup: replyMarkup, link_preview_options: object },
    whole: [html('text', TEXT_MAX)],
  },
  sendPhoto: {
    required: { chat_id: integer },
    optional: { ...MESSAGE_OPTIONS, caption: string },
    whole: [html('caption', CAPTION_MAX), upload('photo', photoFile)],
  },
  sendDocument: {
    required: { chat_id: integer },
    optional: { ...MESSAGE_OPTIONS, caption: string },
    whole: [html('caption', CAPTION_MAX), upload('document', (file) => (file.content.length ? null : 'is empty'))],
  },
  editMessageCaption: {
    required: { ...EDIT_ADDRESS, caption: string },
    optional: { parse_mode: oneOf('HTML'), reply_markup: replyMarkup },
    whole: [html('caption', CAPTION_MAX)],
  },
  editMessageMedia: {
    required: { ...EDIT_ADDRESS, media: object },
    optional: { reply_markup: replyMarkup },
    whole: [mediaPhoto],
  },
};

function fieldComplaints(rules, body) {
  const { required = {}, optional = {} } = rules;
  const missing = Object.keys(required).filter((name) => body[name] === undefined).map((name) => `${name} is missing`);
  const unknown = Object.keys(body).filter((name) => !required[name] && !optional[name]).map((name) => `${name} is unknown`);
  const wrong = Object.entries({ ...required, ...optional })
    .filter(([name]) => body[name] !== undefined)
    .map(([name, rule]) => [name, rule(body[name])])
    .filter(([, complaint]) => complaint)
    .map(([name, complaint]) => `${name} ${complaint}`);
  return [...missing, ...unknown, ...wrong];
}

// Everything that is wrong with a call, as sentences.
function complaintsAbout(method, body, files) {
  const rules = METHODS[method];
  if (!rules) return [`the method ${method} is not known to the emulator`];
  const complaints = fieldComplaints(rules, body);
  if (complaints.length) return complaints;
  const ofWhole = (rules.whole || []).map((rule) => rule(body, files)).filter(Boolean);
  return ofWhole.length ? ofWhole : specComplaints(method, body, files);
}

module.exports = { complaintsAbout, visibleText, asJson };
