'use strict';
// getUpdates with true offsets, long polls, redelivery of what was not confirmed, and 409 for a second poller.

const { accept, refuse } = require('./answers');

const LOOK_EVERY_MS = 10;
const CONFLICT = 'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running';

const HAS_WEBHOOK = "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first";

const sleep = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

function forgetConfirmed(server, state, offset) {
  if (offset <= 0) return;
  const { storage } = server;
  if (state.updatesMixed) state.confirmed.push(...storage.userMessages.filter((u) => u.updateId < offset));
  storage.userMessages = storage.userMessages.filter((u) => u.updateId >= offset);
}

function pending(server, state, limit) {
  if (state.updatesHeld) return [];
  let updates = server.storage.userMessages.slice(0, limit);
  if (state.updatesMixed && updates.length) {
    updates = [...updates].reverse();
    updates = [...updates, ...updates, ...state.confirmed];
  }
  return updates.map((update) => server.constructor.formatUpdate(update));
}

function getUpdates(server, state) {
  return async (req, res) => {
    const poll = { gone: false };
    state.poll = poll;
    res.on('close', () => { poll.gone = true; });
    const { offset = 0, limit = 100, timeout = 0 } = req.body;
    const deadline = Date.now() + timeout * 1000;
    forgetConfirmed(server, state, offset);
    for (;;) {
      if (state.webhook) return refuse(res, 409, HAS_WEBHOOK);
      if (state.poll !== poll) return refuse(res, 409, CONFLICT);
      const updates = pending(server, state, limit);
      if (updates.length || poll.gone || Date.now() >= deadline) return accept(res, updates);
      await sleep(LOOK_EVERY_MS);
    }
  };
}

module.exports = { getUpdates };
