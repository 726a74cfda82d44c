'use strict';
// Holds a call to bot-api.json, cut from a machine-readable description of the Bot API: which fields a method has, which
// of them it must have, and of which types they are, all the way down. What the types do not say (lengths, bytes, HTML
// that parses), lib/rules.js adds.

const { methods, types } = require('../bot-api.json');

const PLAIN = {
  Integer: Number.isSafeInteger,
  Float: (value) => typeof value === 'number',
  String: (value) => typeof value === 'string',
  Boolean: (value) => typeof value === 'boolean',
  True: (value) => value === true,
  InputFile: (value) => typeof value === 'object',
};

const isOf = (value, type) => complaint(value, type) === null;

function objectComplaint(value, fields) {
  if (!value || typeof value !== 'object' || Array.isArray(value)) return 'is not an object';
  for (const [name, kind] of Object.entries(fields)) {
    if (value[name] === undefined && kind[0] === '!') return `lacks ${name}`;
  }
  for (const [name, content] of Object.entries(value)) {
    if (!fields[name]) return `has no field ${name}`;
    const allowed = fields[name].slice(1).split('|');
    const complaints = allowed.map((type) => complaint(content, type));
    if (!complaints.includes(null)) return `${name} ${complaints[0]}`;
  }
  return null;
}

// What is wrong with `value` as one of `type`; null where nothing is.
function complaint(value, type) {
  if (type.startsWith('Array of ')) {
    if (!Array.isArray(value)) return `is not an array of ${type.slice(9)}`;
    return value.map((each) => complaint(each, type.slice(9))).find(Boolean) || null;
  }
  if (PLAIN[type]) return PLAIN[type](value) ? null : `is no ${type}: ${JSON.stringify(value)}`;
  const { fields, subtypes } = types[type];
  if (fields) return objectComplaint(value, fields);
  return subtypes.some((subtype) => isOf(value, subtype)) ? null : `is none of ${subtypes.join(', ')}`;
}

// Fields of a form are texts: those of other types are JSON.
function decoded(value, kinds) {
  if (typeof value !== 'string' || kinds.includes('String')) {
    return typeof value === 'string' && kinds.includes('Integer') && /^-?\d+$/.test(value) ? Number(value) : value;
  }
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

// Everything that is wrong with a call, as sentences.
function specComplaints(method, body, files = {}) {
  const fields = methods[method];
  if (!fields) return [`the Bot API has no method ${method}`];
  const decodedBody = Object.fromEntries(Object.entries(body).map(
    ([name, value]) => [name, fields[name] ? decoded(value, fields[name].slice(1).split('|')) : value]));
  const attached = Object.fromEntries(Object.keys(files).filter((name) => fields[name]).map((name) => [name, {}]));
  const found = objectComplaint({ ...decodedBody, ...attached }, fields);
  return found ? [`${method} ${found}`] : [];
}

module.exports = { specComplaints };
