'use strict';
// Reads multipart/form-data into req.body (texts) and req.files (name -> {name, type, content}).

const busboy = require('busboy');

const LIMITS = { fileSize: 50 * 1024 * 1024, fieldSize: 1024 * 1024 };

function collectFile(files, name, stream, info) {
  const chunks = [];
  stream.on('data', (chunk) => chunks.push(chunk));
  stream.on('end', () => {
    files[name] = { name: info.filename, type: info.mimeType, content: Buffer.concat(chunks) };
  });
}

function multipart(req, res, next) {
  req.files = {};
  if (!(req.headers['content-type'] || '').startsWith('multipart/form-data')) return next();
  req.body = {};
  const parser = busboy({ headers: req.headers, limits: LIMITS });
  parser.on('field', (name, value) => { req.body[name] = value; });
  parser.on('file', (name, stream, info) => collectFile(req.files, name, stream, info));
  parser.on('close', () => next());
  parser.on('error', next);
  return req.pipe(parser);
}

module.exports = { multipart };
