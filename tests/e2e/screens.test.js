'use strict';
// The screens of the chat, with the real programs, once in each language: graphs (live ones across a restart and a
// 429), rules, servers, forecasts, export. It prints how long a press waits for its picture; nothing depends on that.

const assert = require('node:assert');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const zlib = require('node:zlib');
const { after, before, describe, test } = require('node:test');

const { Program, run } = require('./programs');
const { Chat, sleep, until } = require('./telegram-emulator/chat');
const { startEmulator } = require('./telegram-emulator/emulator');

const PICTURES = process.env.MPS_E2E_PICTURES; // a folder to keep the pictures in, for looking at
const PRESSES = 15;

const WORDS = {
  en: {
    welcome: /Welcome, Ann/, registered: /is registered/, waiting: /Waiting for the first samples/,
    arrived: /first samples arrived, \d+s ago/, unit: /systemd service/, caption: /web-1: CPU, the last 24h/,
    several: 'Several…', done: 'Done', compare: 'Compare…', other: 'Other time…', ask: /Which time/,
    answer: '1,5h', answered: /RAM, the last 1h 30m/, noTime: /is no stretch of time/, live: '🔴 Live',
    isLive: /Live until \d\d:\d\d/, stop: '⏹ Stop', stopped: /live graph has ended/, ram: 'RAM',
    rules: /Rules of web-1/, rule: /CPU above 85 % for 10m/, fired: /would have fired: \d+/, set: '✅ Set it',
    isSet: /✅ Set: CPU above 85 %/, words: '✏️ In words…', badRule: /Begin with a resource/, typed: 'ram 90% 5m',
    typedRule: /RAM above 90 % for 5m/, fleet: /up: 2/, manage: '⚙️ Manage', rename: '✏️ Rename',
    renamed: /It was called web-2/, remove: '🗑 Remove…', lost: /Lost are/, sure: /can't be undone/,
    removeAll: '🗑 Yes, remove all of it', removed: /is removed/, day: /24 h: mean/, growth: /growth in the next 7 days/,
    none: /no forecast of that time/, csv: /of CSV/, about: /MPS \d.*Up for/s, nearest: /Do you mean/,
  },
  ru: {
    welcome: /Добро пожаловать, Ann/, registered: /добавлен/, waiting: /Жду первых данных/,
    arrived: /первые данные пришли, \d+s назад|первые данные пришли, \d+ с назад/, unit: /служба systemd/,
    caption: /web-1: Процессор, за 24/, several: 'Несколько…', done: 'Готово', compare: 'Сравнить…',
    other: 'Другое время…', ask: /За какое время/, answer: '1,5ч', answered: /Память, за 1/,
    noTime: /не промежуток времени/, live: '🔴 Вживую', isLive: /Вживую до \d\d:\d\d/, stop: '⏹ Остановить',
    stopped: /Живой график остановлен/, ram: 'Память', rules: /Правила: web-1/, rule: /Процессор выше 85 % дольше 10/,
    fired: /сработало бы: \d+/, set: '✅ Задать', isSet: /✅ Задано: Процессор выше 85 %/, words: '✏️ Словами…',
    badRule: /Начните с ресурса/, typed: 'память 90% 5м', typedRule: /Память выше 90 % дольше 5/, fleet: /в порядке: 2/,
    manage: '⚙️ Управление', rename: '✏️ Переименовать', renamed: /назывался web-2/, remove: '🗑 Удалить…',
    lost: /Пропадут/, sure: /Вернуть будет нельзя/, removeAll: '🗑 Да, удалить всё', removed: /удалён/,
    day: /24 ч: средн\./, growth: /рост в ближайшие 7 дней/, none: /прогноз ещё не отложен/, csv: /CSV, /,
    about: /MPS \d.*Работает/s, nearest: /Может быть/,
  },
};

const withPhoto = (message) => message.photo !== undefined;
const withText = (pattern) => (message) => pattern.test(message.text);
const quantile = (sorted, q) => sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))];

// A day of a server, a line every ten seconds.
function dayOfLines(now) {
  const lines = [];
  for (let at = now - 86400; at <= now; at += 10) {
    const busy = 40 + 30 * Math.sin(at / 5000) + (at % 70) / 7;
    lines.push(`cpu,cpu=cpu-total usage_idle=${(100 - busy).toFixed(1)} ${at}`);
    lines.push(`mem used_percent=${(60 + 5 * Math.sin(at / 9000)).toFixed(1)} ${at}`);
    if (at % 60 === 0) lines.push(`disk,path=/ used_percent=${(50 + (at - now) / 86400).toFixed(2)} ${at}`);
  }
  return lines;
}

for (const language of ['en', 'ru']) {
  const words = WORDS[language];
  describe(`in ${language}`, () => {
    let emulator, folder, hub, hubUrl, owner, token;

    const startHub = async () => {
      hub = new Program('mps', ['serve', '--data', folder, '--listen', '127.0.0.1:0', '--time-zone', 'UTC'], {
        MPS_TELEGRAM_TOKEN: emulator.token,
        MPS_TELEGRAM_API_URL: emulator.url,
      });
      [, hubUrl] = await hub.wrote(/listening on (http:\S+)/);
    };
    const write = async (secret, lines) => {
      const headers = { Authorization: `Token ${secret}` };
      const url = `${hubUrl}/api/v2/write?precision=s`;
      const response = await fetch(url, { method: 'POST', headers, body: lines.join('\n') });
      assert.strictEqual(response.status, 204, await response.text());
    };
    const now = () => Math.floor(Date.now() / 1000 / 10) * 10;
    const keepPicture = (name, photo) => {
      if (!PICTURES) return;
      fs.mkdirSync(PICTURES, { recursive: true });
      fs.writeFileSync(path.join(PICTURES, `screens-${language}-${name}.png`), photo.content);
    };
    const connect = async (name) => {
      const answer = await owner.ask(`/connect ${name}`, 'a token', withText(words.registered));
      await owner.next('a message that waits', withText(words.waiting));
      return /<code>([^<]+)<\/code>/.exec(answer.html)[1];
    };
    const pressed = async (message, label, fits) => {
      await owner.press(message, label);
      return owner.edited(message, fits);
    };

    before(async () => {
      folder = fs.mkdtempSync(path.join(os.tmpdir(), 'mps-e2e-'));
      emulator = await startEmulator();
      owner = new Chat(emulator, { userId: 42, name: 'Ann', language });
      await startHub();
      const [, code] = await hub.wrote(/t\.me\/mps_test_bot\?start=(\S+)/);
      await owner.ask(`/start ${code}`, 'a welcome', withText(words.welcome));
    });

    after(async () => {
      await hub.stop('SIGKILL');
      await emulator.stop();
      fs.rmSync(folder, { recursive: true, force: true });
    });

    test('/connect turns into "first samples arrived" by itself', async () => {
      token = await connect('web-1');
      const unit = owner.messages().find((m) => m.document && m.document.name === 'mps-agent.service');
      assert.match(unit.text, words.unit);
      const waiting = owner.messages().find(withText(words.waiting));
      await write(token, dayOfLines(now()));
      await owner.edited(waiting, withText(words.arrived));
      const second = await connect('web-2');
      await write(second, dayOfLines(now()).slice(-600));
    });

    test('/graph: ranges, several resources, servers side by side, another time', async () => {
      let graph = await owner.ask('/graph web-1', 'a picture', withPhoto);
      assert.match(graph.text, words.caption);
      graph = await pressed(graph, words.several);
      graph = await pressed(graph, words.ram);
      keepPicture('two-resources', graph.photo);
      graph = await pressed(graph, words.done);
      graph = await pressed(graph, words.compare);
      graph = await pressed(graph, 'web-2', withText(/web-1, web-2/));
      keepPicture('compared', graph.photo);
      await owner.press(await owner.ask('/graph web-1 ram', 'a picture', withPhoto), words.other);
      await owner.next('a question', withText(words.ask));
      await owner.ask('whenever', 'a refusal', withText(words.noTime));
      const custom = await owner.ask(words.answer, 'a picture', withPhoto);
      assert.match(custom.text, words.answered);
      keepPicture('custom', custom.photo);
    });

    test('a picture is in the chat soon after the press', async (t) => {
      const graph = await owner.ask('/graph web-1 cpu 24h', 'a picture', withPhoto);
      const waits = [];
      for (let i = 0; i < PRESSES; ++i) {
        await sleep(1200); // Telegram wants a second between the messages of a chat
        const shown = owner.messages().find((m) => m.id === graph.id);
        const [hours] = [['1', '6', '7', '24', '30'][i % 5]];
        const button = shown.buttons.find((b) => new RegExp(`^${hours}\\D`).test(b.text));
        const from = emulator.state.calls.length;
        const id = await owner.pressData(shown, button.callback_data);
        const call = await until('the picture', () =>
          emulator.state.calls.slice(from).find((c) => c.method === 'editMessageMedia'));
        waits.push(call.at - emulator.state.presses.get(id).pressedAt);
      }
      waits.sort((a, b) => a - b);
      const text = `press to picture, ms: median ${quantile(waits, 0.5)}, 95 % ${quantile(waits, 0.95)}, max ${waits.at(-1)}`;
      t.diagnostic(text);
      console.log(text);
    });

    test('a live graph goes on across a 429 and a restart, and stops when it is told to', async () => {
      let graph = await owner.ask('/graph web-1 cpu 1h', 'a picture', withPhoto);
      graph = await pressed(graph, words.live, withText(words.isLive));
      assert.deepStrictEqual(graph.buttons.map((b) => b.text), [words.stop]);
      await write(token, [`cpu,cpu=cpu-total usage_idle=10 ${now()}`]);
      graph = await owner.edited(graph, withText(words.isLive));
      emulator.state.faults.push({ method: 'editMessageMedia', times: 1, status: 429, parameters: { retry_after: 2 } });
      graph = await owner.edited(graph, withText(words.isLive));
      keepPicture('live', graph.photo);
      assert.strictEqual((await hub.stop()).code, 0);
      await startHub();
      graph = await owner.edited(graph, withText(words.isLive));
      graph = await pressed(graph, words.stop, withText(words.stopped));
      await sleep(11000);
      const still = owner.messages().find((m) => m.id === graph.id);
      assert.strictEqual(still.edits, graph.edits, 'it was drawn again');
      assert.ok(still.buttons.length > 10);
    });

    test('/thresholds tries a rule before it is set, by button and in words', async () => {
      let tried = await owner.ask('/thresholds web-1 cpu 85 for 10m', 'a rule', withText(words.rule));
      assert.match(tried.text, words.fired);
      tried = await pressed(tried, words.set, withText(words.isSet));
      assert.match(await run('mps', ['rule', 'list', '--server', 'web-1', '--data', folder]), /CPU above 85 % for 10m/);
      const rules = await owner.ask('/rules web-1', 'the rules', withText(words.rules));
      await owner.press(rules, words.words);
      await owner.next('a question', (m) => m.markup && m.markup.force_reply);
      await hub.stop();
      await startHub();
      await owner.ask('gpu 90', 'a refusal', withText(words.badRule));
      await owner.ask(words.typed, 'the rule', withText(words.typedRule));
    });

    test('/servers counts, renames across a restart, and asks twice before it removes', async () => {
      await owner.ask('/servers', 'the list', withText(words.fleet));
      const status = await owner.ask('/status web-2', 'the status', withText(words.day));
      let details = await pressed(status, words.manage);
      await owner.press(details, words.rename);
      await owner.next('a question', (m) => m.markup && m.markup.force_reply);
      await hub.stop();
      await startHub();
      details = await owner.ask('old <b>web</b> 🙂', 'the new name', withText(words.renamed));
      details = await pressed(details, words.remove, withText(words.lost));
      details = await pressed(details, words.remove, withText(words.sure));
      await pressed(details, words.removeAll, withText(words.removed));
      assert.ok(!/🙂/.test(await run('mps', ['server', 'list', '--data', folder])));
    });

    test('/forecast of growth, and what is not there yet', async () => {
      const growth = await owner.ask('/forecast web-1 disk 7d', 'growth', withText(words.growth));
      keepPicture('growth', growth.photo);
      await owner.ask('/forecast web-1 cpu check', 'that there is none', withText(words.none));
    });

    test('/export is CSV, /about knows the hub, nonsense gets the nearest commands', async () => {
      const { document } = await owner.ask('/export web-1 24h', 'a file', (m) => m.document);
      const csv = (document.name.endsWith('.gz') ? zlib.gunzipSync(document.content) : document.content).toString();
      assert.match(csv, /^time,measurement,tags,field,value\n/);
      assert.ok(csv.split('\n').length > 17000, `${csv.split('\n').length} lines`);
      await owner.ask('/about', 'the hub', withText(words.about));
      await owner.ask('grpah', 'a suggestion', withText(words.nearest));
    });

    test('the bot never broke a rule of the Bot API, and answered every press', () => {
      assert.deepStrictEqual(emulator.state.violations, []);
      assert.deepStrictEqual([...emulator.state.presses.values()].filter((press) => !press.answeredAt), []);
    });
  });
}
