'use strict';
// What every call passes before its method sees it: log, token, faults, rules.

const { complaintsAbout } = require('./rules');
const { refuse } = require('./answers');

function record(state, req) {
  const { method } = req.params;
  const call = { method, body: req.body, files: req.files, at: Date.now() };
  if (method !== 'getUpdates') state.calls.push(call);
  return call;
}

function findFault(state, method) {
  const fault = state.faults.find((f) => f.times > 0 && (f.method === method || f.method === '*'));
  if (fault) fault.times -= 1;
  return fault;
}

function fail(fault, req, res) {
  if (fault.drop) return req.socket.destroy();
  return refuse(res, fault.status, fault.description || 'Internal Server Error', fault.parameters);
}

function gate(state) {
  return (req, res, next) => {
    const { method, token } = req.params;
    req.body = { ...req.query, ...req.body };
    const call = record(state, req);
    if (token !== state.token) return refuse(res, 401, 'Unauthorized');
    const fault = findFault(state, method);
    if (fault) return fail(fault, req, res);
    const complaints = complaintsAbout(method, req.body, req.files);
    state.violations.push(...complaints.map((complaint) => `${method}: ${complaint}`));
    call.accepted = complaints.length === 0;
    if (complaints.length) return refuse(res, 400, `Bad Request: ${complaints[0]}`);
    if (state.blockedChats.has(Number(req.body.chat_id))) return refuse(res, 403, 'Forbidden: bot was blocked by the user');
    return next();
  };
}

module.exports = { gate };
