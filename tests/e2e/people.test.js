'use strict';
// Who may do what, told as a team lives it: invitations, each role and what it is refused, a group that hears of its own
// servers alone, both languages, and the record of all that.

const assert = require('node:assert');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { after, before, test } = require('node:test');

const { Program, run } = require('./programs');
const { Chat, until } = require('./telegram-emulator/chat');
const { startEmulator } = require('./telegram-emulator/emulator');

const GROUP = -1001;
const TOPIC = 17;

let emulator;
let folder;
let hub;
let hubUrl;
let owner;
const people = {}; // chats by role
const group = {}; // the same group, as each of them sees it

const mps = (...args) => run('mps', [...args, '--data', folder]);
const calls = (method) => emulator.state.calls.filter((c) => c.method === method && c.accepted);

async function startHub() {
  hub = new Program('mps', ['serve', '--data', folder, '--listen', '127.0.0.1:0', '--time-zone', 'UTC'], {
    MPS_TELEGRAM_TOKEN: emulator.token,
    MPS_TELEGRAM_API_URL: emulator.url,
  });
  [, hubUrl] = await hub.wrote(/listening on (http:\S+)/);
}

async function invite(role, userId, name, language) {
  const choice = await owner.ask('/invite', 'the roles', (m) => /As what do you invite/.test(m.text));
  await owner.press(choice, role);
  const link = await owner.edited(choice, (m) => /lets one person in/.test(m.text));
  const [, code] = /https:\/\/t\.me\/mps_test_bot\?start=([\w-]+)/.exec(link.text);
  people[role] = new Chat(emulator, { userId, name, language });
  return { code, welcome: await people[role].ask(`/start ${code}`, 'a welcome', (m) => new RegExp(name).test(m.text)) };
}

// The commands that Telegram was last told to offer in a chat.
const menuOf = (chatId) => {
  const set = calls('setMyCommands').filter((c) => c.body.scope && c.body.scope.chat_id === chatId).at(-1);
  return set && set.body.commands;
};

before(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'mps-e2e-'));
  emulator = await startEmulator();
  owner = new Chat(emulator, { userId: 42, name: 'Ann' });
  await startHub();
});

after(async () => {
  await hub.stop('SIGKILL');
  await emulator.stop();
  fs.rmSync(folder, { recursive: true, force: true });
});

test('the owner pairs, and is asked for the time zone once', async () => {
  const [, code] = await hub.wrote(/t\.me\/mps_test_bot\?start=(\S+)/);
  await owner.say(`/start ${code}`);
  const question = await owner.next('the question', (m) => /What time is it where you are/.test(m.text));
  await owner.press(question, question.buttons.find((b) => / Berlin$/.test(b.text)).text);
  await owner.edited(question, (m) => /Time zone: Europe\/Berlin/.test(m.text));
  await owner.say('/start');
  await owner.next('a welcome', (m) => /I watch your servers/.test(m.text));
  assert.ok(!owner.messages().slice(owner.seen).some((m) => /What time is it/.test(m.text)));
});

test('strangers get one polite line in the language of their app, and nothing about servers', async () => {
  await mps('server', 'add', 'secret-db', '--tag', 'db');
  const stranger = new Chat(emulator, { userId: 666, name: 'Eve', language: 'ru' });
  const refusal = await stranger.ask('/status secret-db', 'a refusal');
  assert.match(refusal.text, /^Здравствуйте! /);
  assert.doesNotMatch(refusal.text, /secret-db/);
  await stranger.say('/servers');
  for (let i = 0; i < 5; i += 1) await stranger.ask(`/start guess-${i}-guess`, 'no', (m) => /код не подходит/.test(m.text));
  await stranger.ask('/start guess-6-guess', 'patience', (m) => /Слишком много попыток/.test(m.text));
  assert.strictEqual(stranger.messages().length, 1 + 5 + 1);
});

test('each is let in by a link of their own, in their language, and the owner hears of it', async () => {
  const viewer = await invite('viewer', 7, 'Vera', 'ru');
  assert.match(viewer.welcome.text, /Добро пожаловать, Vera! Ваша роль здесь: наблюдатель/);
  const operator = await invite('operator', 8, 'Otto', 'en');
  assert.match(operator.welcome.text, /Welcome, Otto! You are operator here/);
  await invite('admin', 9, 'Adam', 'en');
  await until('the news', () => owner.messages().some((m) => /Vera has joined as viewer/.test(m.text)));
  const late = new Chat(emulator, { userId: 10, name: 'Late' });
  await late.ask(`/start ${viewer.code}`, 'a refusal', (m) => /does not open this bot/.test(m.text));
});

const ENGLISH = { viewer: 'viewer', operator: 'operator', admin: 'admin', owner: 'owner' };
const RUSSIAN = { viewer: 'наблюдатель', operator: 'оператор', admin: 'администратор', owner: 'владелец' };
const refusalIn = {
  en: (needed, own) => `🔒 For that you need to be ${ENGLISH[needed]}; here you are ${ENGLISH[own]}. The owner can change that with /users.`,
  ru: (needed, own) => `🔒 Для этого нужна роль «${RUSSIAN[needed]}», а у вас «${RUSSIAN[own]}». Изменить её может владелец: /users.`,
};
const DEMANDS = [
  ['/servers', 'viewer'], ['/alerts', 'viewer'], ['/settings', 'viewer'],
  ['/alerts ack 999', 'operator'], ['/silence end 999', 'operator'], ['/maintenance end 999', 'operator'],
  ['/connect', 'admin'], ['/audit', 'admin'],
  ['/users', 'owner'], ['/invite viewer', 'owner'],
];
const ORDER = ['viewer', 'operator', 'admin', 'owner'];

for (const language of ['en', 'ru']) {
  test(`what is above a role is refused, and the refusal says which role is needed (${language})`, async () => {
    for (const role of ['viewer', 'operator', 'admin']) {
      const chat = people[role];
      await chat.ask(`/settings language ${language}`, 'the settings', (m) => /⚙️/.test(m.text));
      for (const [text, needed] of DEMANDS) {
        const answer = await chat.ask(text, `an answer to ${text}`);
        if (ORDER.indexOf(needed) > ORDER.indexOf(role)) assert.strictEqual(answer.text, refusalIn[language](needed, role));
        else assert.doesNotMatch(answer.text, /🔒/, `${role}: ${text}`);
      }
    }
  });
}

test('an admin adds a group; it hears of its own servers alone, in its topic and its language', async () => {
  for (const [role, chat] of [['operator', people.operator], ['admin', people.admin]]) {
    const userId = chat.chatId;
    group[role] = new Chat(emulator, { userId, name: role, chatId: GROUP, type: 'supergroup', thread: TOPIC });
  }
  await group.operator.ask('/start', 'a refusal', (m) => /you need to be admin|нужна роль «администратор»/.test(m.text));
  await group.admin.ask('/start', 'a greeting', (m) => /This group gets alerts from now on/.test(m.text));
  await group.admin.ask('/settings alerts tag db', 'the settings', (m) => /of servers tagged db/.test(m.text));
  await group.admin.ask('/settings language ru', 'the settings', (m) => /Язык: Русский/.test(m.text));
  await group.operator.ask('/servers', 'the servers', (m) => /Серверы/.test(m.text));

  const tokens = { 'db-1': await mps('server', 'add', 'db-1', '--tag', 'db'), 'web-1': await mps('server', 'add', 'web-1') };
  await mps('rule', 'set', '--all', '--resource', 'load', '--above', '5', '--for', '1s');
  const push = setInterval(() => {
    for (const token of Object.values(tokens)) {
      const body = `system load1=9 ${Math.floor(Date.now() / 1000)}`;
      const headers = { Authorization: `Token ${token.trim()}` };
      fetch(`${hubUrl}/api/v2/write?precision=s`, { method: 'POST', headers, body }).catch(() => {});
    }
  }, 250);
  const heard = (chat, what) => until(`${what} in ${chat.chatId}`, () => chat.messages().find((m) => m.text.includes(what)), 30000);
  const ownersCard = await heard(owner, 'web-1');
  const groupsCard = await heard(group.admin, 'db-1');
  const viewersCard = await heard(people.viewer, 'web-1');
  clearInterval(push);
  assert.match(ownersCard.text, /Load/);
  assert.match(groupsCard.text, /Средняя загрузка больше 5/);
  assert.strictEqual(Number(groupsCard.thread), TOPIC);
  assert.ok(groupsCard.buttons.some((b) => b.text === 'Отложить на 1 ч'));
  assert.match(viewersCard.text, /серверов: Средняя загрузка|Средняя загрузка больше 5/);
  assert.ok(!group.admin.messages().some((m) => /web-1/.test(m.text) && /загрузка/.test(m.text)), 'the group hears of db alone');

  const card = viewersCard;
  const acknowledge = card.buttons.find((b) => /^Принять/.test(b.text)).text;
  const refused = await people.viewer.answered(await people.viewer.press(card, acknowledge));
  assert.match(refused.toast, /нужна роль «оператор», а у вас «наблюдатель»/);
  const status = await group.operator.ask('/status db-1', 'its state', (m) => /db-1/.test(m.text) && m.buttons.length > 0);
  const [first] = status.buttons;
  const foreign = await group.admin.press(status, first.text);
  assert.match((await group.admin.answered(foreign)).toast, /для того, кто спрашивал/);
  const own = await group.operator.press(status, first.text);
  assert.strictEqual((await group.operator.answered(own)).toast, '');

  const groupButton = groupsCard.buttons.find((b) => /^Принять/.test(b.text)).text;
  const done = await group.operator.answered(await group.operator.press(groupsCard, groupButton));
  assert.match(done.toast, /Принято: 1/);
  await until('the edit', () => group.admin.messages().some((m) => m.id === groupsCard.id && /Принято: operator/.test(m.text)));
});

test('the menu of each chat holds what its people may do, in its language', async () => {
  const names = (chatId) => (menuOf(chatId) || []).map((c) => c.command);
  await until('the menus', () => names(7).length > 0 && names(42).includes('users') && names(GROUP).length > 0);
  assert.ok(names(7).includes('servers') && !names(7).includes('connect'));
  assert.ok(names(9).includes('connect') && names(9).includes('audit') && !names(9).includes('users'));
  await until('Russian', () => menuOf(7).find((c) => c.command === 'servers').description === 'Все серверы');
  const strangers = calls('setMyCommands').filter((c) => !c.body.scope);
  assert.deepStrictEqual(strangers.map((c) => [c.body.language_code, c.body.commands.length]), [[undefined, 1], ['ru', 1]]);
});

test('the owner changes a role, and removes somebody, who is a stranger then', async () => {
  const list = await owner.ask('/users', 'the people', (m) => /People: 4/.test(m.text));
  await owner.press(list, 'Vera');
  const vera = await owner.edited(list, (m) => /Vera - viewer/.test(m.text));
  await owner.press(vera, 'operator');
  const changed = await owner.edited(vera, (m) => /Vera - operator/.test(m.text));
  await people.viewer.ask('/alerts ack 999', 'no refusal', (m) => !/🔒/.test(m.text));
  await until('her new menu', () => menuOf(7).length === menuOf(8).length);
  await owner.press(changed, 'Remove');
  const sure = await owner.edited(changed, (m) => /Remove Vera\?/.test(m.text));
  await owner.press(sure, 'Remove');
  await owner.edited(sure, (m) => /People: 3/.test(m.text));
  await people.viewer.ask('/servers', 'a refusal', (m) => /мы ещё не знакомы|I don't know you/.test(m.text));
  await until('no menu', () => calls('deleteMyCommands').some((c) => c.body.scope.chat_id === 7));
});

test('the owner hands over to an admin, asked twice, and is an admin then', async () => {
  const list = await owner.ask('/users', 'the people', (m) => /People: 3/.test(m.text));
  await owner.press(list, 'Otto');
  const otto = await owner.edited(list, (m) => /Otto - operator/.test(m.text));
  assert.ok(!otto.buttons.some((b) => /owner/.test(b.text)), 'an operator can not become the owner');
  await owner.press(otto, 'Back');
  const again = await owner.edited(otto, (m) => /People: 3/.test(m.text));
  await owner.press(again, 'Adam');
  const adam = await owner.edited(again, (m) => /Adam - admin/.test(m.text));
  await owner.press(adam, 'Make them the owner…');
  const sure = await owner.edited(adam, (m) => /Make Adam the owner\?/.test(m.text));
  await owner.press(sure, 'Make them the owner…');
  const really = await owner.edited(sure, (m) => /Only Adam will be able to give it back/.test(m.text));
  await owner.press(really, 'Yes, hand over');
  await owner.edited(really, (m) => /Adam is the owner now, and you are an admin/.test(m.text));
  await until('the news', () => people.admin.messages().some((m) => /передаёт вам бота|made you the owner/.test(m.text)));
  await owner.ask('/users', 'a refusal', (m) => m.text === refusalIn.en('owner', 'admin'));
  await owner.ask('/connect', 'no refusal', (m) => !/🔒/.test(m.text));
  await people.admin.ask('/users', 'the people', (m) => /Люди: 3|People: 3/.test(m.text));
  await until('the menus', () => menuOf(9).some((c) => c.command === 'users') && !menuOf(42).some((c) => c.command === 'users'));
  await mps('person', 'owner', '--user', '42');
  await owner.ask('/users', 'the people', (m) => /People: 3/.test(m.text));
});

test('all of it stands in the audit log, in the chat and at the command line', async () => {
  const shown = await owner.ask('/audit', 'the log', (m) => /Who changed what/.test(m.text));
  assert.match(shown.text, /Ann: person removed: Vera/);
  const lines = (await mps('audit', '--count', '500')).trim().split('\n').map((line) => line.split('\t').slice(1).join(' '));
  for (const entry of ['Ann joined owner', 'Vera joined viewer', 'Ann invited admin', 'the command line server_added db-1',
    'the command line rule_set all servers: Load above 5.00 for 1s', 'admin chat_changed -1001: alerts: tag db',
    'Ann role_changed Vera: operator', 'Ann person_removed Vera', 'Ann owner_changed Adam, no longer Ann',
    'the command line owner_changed Ann, no longer Adam']) {
    assert.ok(lines.includes(entry), `${entry} is not in\n${lines.join('\n')}`);
  }
  assert.ok(lines.some((line) => /^operator acknowledged /.test(line)));
});

test('an invitation from the command line, and people listed there', async () => {
  const [link, role] = (await mps('invite', '--role', 'operator')).split('\t');
  assert.strictEqual(role, 'operator');
  const nina = new Chat(emulator, { userId: 11, name: 'Nina' });
  await nina.ask(`/start ${link.split('start=')[1]}`, 'a welcome', (m) => /Welcome, Nina/.test(m.text));
  assert.match(await mps('person', 'list'), /^11\toperator\tNina\t\S+\tthe command line$/m);
  await mps('person', 'remove', '--user', '11');
  assert.doesNotMatch(await mps('person', 'list'), /Nina/);
});

test('people, roles and languages outlive a restart', async () => {
  await hub.stop('SIGKILL');
  await startHub();
  await people.operator.ask('/settings', 'the settings', (m) => /Язык: Русский/.test(m.text));
  await people.operator.ask('/connect x', 'a refusal', (m) => m.text === refusalIn.ru('admin', 'operator'));
});

test('the bot never broke a rule of the Bot API', () => {
  assert.deepStrictEqual(emulator.state.violations, []);
});
