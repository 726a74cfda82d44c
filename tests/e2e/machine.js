'use strict';
// What this machine's /proc says, computed apart from the programs under test.

const fs = require('node:fs');

const read = (name) => fs.readFileSync(`/proc/${name}`, 'utf8');

function ramUsedPercent() {
  const kilobytes = (name) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(read('meminfo'))[1]);
  return 100 * (1 - kilobytes('MemAvailable') / kilobytes('MemTotal'));
}

function load1() {
  return Number(read('loadavg').split(' ')[0]);
}

function uptimeSeconds() {
  return Number(read('uptime').split(' ')[0]);
}

function diskUsedPercent(mount) {
  const { blocks, bfree, bavail } = fs.statfsSync(mount);
  const used = blocks - bfree;
  return (100 * used) / (used + bavail);
}

// Jiffies since boot: {total, idle}. Time of guests is in user already; waiting for disks is not idle, as in Telegraf.
function cpuTimes() {
  const [user, nice, system, idle, iowait, irq, softirq, steal] = read('stat').split('\n')[0].split(/\s+/).slice(1).map(Number);
  return { total: user + nice + system + idle + iowait + irq + softirq + steal, idle };
}

function cpuUsedPercent(before, after) {
  return 100 * (1 - (after.idle - before.idle) / (after.total - before.total));
}

// Watches the processor for as long as it lives: what an agent that looks once a second may have seen.
class CpuWatch {
  constructor() {
    this.looks = [];
    this.timer = setInterval(() => this.looks.push({ at: Date.now(), ...cpuTimes() }), 50);
  }

  // The least and the most used percent of any second of the last `seconds`.
  range(seconds) {
    const recent = this.looks.filter((look) => look.at >= Date.now() - seconds * 1000);
    const used = [];
    for (const begin of recent) {
      const end = recent.find((look) => look.at >= begin.at + 950);
      if (end && end.total > begin.total) used.push(cpuUsedPercent(begin, end));
    }
    return { min: Math.min(...used), max: Math.max(...used) };
  }

  stop() {
    clearInterval(this.timer);
  }
}

module.exports = { CpuWatch, diskUsedPercent, load1, ramUsedPercent, uptimeSeconds };
