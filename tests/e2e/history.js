'use strict';
// A made-up server's past: a day's rhythm, a week's, and noise from a seed.

function seededRandom(seed) {
  let state = seed >>> 0;
  return () => { // mulberry32
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

function cpuAt(seconds, random) {
  const day = Math.sin((2 * Math.PI * seconds) / 86400);
  const weekend = Math.floor(seconds / 86400) % 7 < 2 ? -8 : 0;
  return Math.min(100, Math.max(0, 40 + 20 * day + weekend + 6 * (random() - 0.5)));
}

// CSV with columns timestamp, cpu, ram: one row every five minutes for `days` days.
function historyCsv(days, seed) {
  const random = seededRandom(seed);
  const rows = ['timestamp,cpu,ram'];
  const begin = 1700000100;
  for (let t = begin; t < begin + days * 86400; t += 300) {
    rows.push(`${t},${cpuAt(t, random).toFixed(2)},${(55 + 3 * random()).toFixed(2)}`);
  }
  return `${rows.join('\n')}\n`;
}

module.exports = { historyCsv };
