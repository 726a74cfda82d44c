'use strict';
// Telegram's HTML parse mode (https://core.telegram.org/bots/api#html-style), read strictly.

const ATTRIBUTES = {
  a: /^ href="[^"<>]*"$/,
  span: /^ class="tg-spoiler"$/,
  'tg-emoji': /^ emoji-id="\d+"$/,
  code: /^( class="language-[^"<>]+")?$/,
  blockquote: /^( expandable)?$/,
};
const PLAIN_TAGS = ['b', 'strong', 'i', 'em', 'u', 'ins', 's', 'strike', 'del', 'tg-spoiler', 'pre'];
const ENTITIES = { '&lt;': '<', '&gt;': '>', '&amp;': '&', '&quot;': '"' };
const TOKEN = /<[^>]*>|&[^;\s]*;|[\s\S]/gu;

class HtmlError extends Error {}

function checkOpening(name, rest) {
  const pattern = PLAIN_TAGS.includes(name) ? /^$/ : ATTRIBUTES[name];
  if (!pattern) throw new HtmlError(`unsupported start tag "${name}"`);
  if (!pattern.test(rest)) throw new HtmlError(`wrong attributes of "${name}": "${rest}"`);
}

function followTag(tag, open) {
  const [, slash, name, rest] = /^<(\/?)([a-z-]*)([\s\S]*)>$/.exec(tag);
  if (!slash) {
    checkOpening(name, rest);
    open.push(name);
  } else if (open.pop() !== name) {
    throw new HtmlError(`unexpected end tag "${name}"`);
  }
}

function readEntity(entity) {
  const numeric = /^&#(\d+|x[0-9a-fA-F]+);$/.exec(entity);
  if (numeric) return String.fromCodePoint(Number(numeric[1].replace('x', '0x')));
  if (!ENTITIES[entity]) throw new HtmlError(`unknown entity "${entity}"`);
  return ENTITIES[entity];
}

// What a reader sees of `html`. Throws HtmlError where it does not parse, or where something is not escaped.
function parseHtml(html) {
  const open = [];
  let visible = '';
  for (const token of html.match(TOKEN) || []) {
    if (token.length > 1 && token.startsWith('<')) followTag(token, open);
    else if (token.length > 1 && token.startsWith('&')) visible += readEntity(token);
    else if ('<>&'.includes(token)) throw new HtmlError(`"${token}" is not escaped`);
    else visible += token;
  }
  if (open.length) throw new HtmlError(`"${open.pop()}" is not closed`);
  return visible;
}

module.exports = { parseHtml, HtmlError };
