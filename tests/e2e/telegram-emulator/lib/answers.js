'use strict';
// Answers in the Bot API's own shapes.

function refuse(res, code, description, parameters) {
  if (parameters && parameters.retry_after) res.set('Retry-After', String(parameters.retry_after));
  return res.status(code).json({ ok: false, error_code: code, description, ...(parameters && { parameters }) });
}

const accept = (res, result) => res.json({ ok: true, result });

function messageShape(update) {
  const chatId = Number(update.message.chat_id);
  return {
    message_id: update.messageId,
    date: Math.floor(update.time / 1000),
    chat: { id: chatId, type: chatId < 0 ? 'supergroup' : 'private' },
    text: update.message.text,
    caption: update.message.caption,
  };
}

module.exports = { refuse, accept, messageShape };
