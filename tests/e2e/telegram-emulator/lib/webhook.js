'use strict';
// setWebhook and what follows from it: updates are posted one after the other, the oldest first, until each was taken.

const { accept } = require('./answers');

const TRY_AGAIN_AFTER_MS = 100;
const SECRET_HEADER = 'X-Telegram-Bot-Api-Secret-Token';

const sleep = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

// One update, as Telegram posts it. Returns the status, 0 where nobody answered.
async function deliver(webhook, update, secret = webhook.secret) {
  const headers = { 'Content-Type': 'application/json', ...(secret && { [SECRET_HEADER]: secret }) };
  try {
    const response = await fetch(webhook.url, { method: 'POST', headers, body: JSON.stringify(update) });
    await response.arrayBuffer();
    return response.status;
  } catch {
    return 0;
  }
}

async function deliverAll(server, state, webhook) {
  while (state.webhook === webhook) {
    const [next] = server.storage.userMessages;
    const update = next && !state.updatesHeld && server.constructor.formatUpdate(next);
    const status = update ? await deliver(webhook, update) : 0;
    if (update) state.delivered.push({ update, status });
    if (status >= 200 && status < 300) server.removeUserMessage(next.updateId);
    else {
      if (update) webhook.lastError = `Wrong response from the webhook: ${status}`;
      await sleep(update ? TRY_AGAIN_AFTER_MS : 10);
    }
  }
}

function setWebhook(server, state) {
  return (req, res) => {
    const { url, secret_token: secret } = req.body;
    state.webhook = url ? { url, secret, lastError: '' } : null;
    if (url) deliverAll(server, state, state.webhook);
    accept(res, true);
  };
}

function deleteWebhook(state) {
  return (req, res) => {
    state.webhook = null;
    accept(res, true);
  };
}

function getWebhookInfo(server, state) {
  return (req, res) => accept(res, {
    url: state.webhook ? state.webhook.url : '',
    has_custom_certificate: false,
    pending_update_count: server.storage.userMessages.length,
    ...(state.webhook && state.webhook.lastError && { last_error_message: state.webhook.lastError }),
  });
}

module.exports = { deleteWebhook, deliver, getWebhookInfo, setWebhook };
