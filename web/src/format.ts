// Figures and times as people read them.

const kUnits = ['B', 'kB', 'MB', 'GB', 'TB'];

function bytes(value: number): string {
  let scaled = Math.abs(value);
  let unit = 0;
  while (scaled >= 999.5 && unit < kUnits.length - 1) {
    scaled /= 1000;
    unit += 1;
  }
  const digits = scaled >= 99.5 || unit === 0 ? 0 : scaled >= 9.95 ? 1 : 2;
  return `${value < 0 ? '−' : ''}${Number(scaled.toFixed(digits))} ${kUnits[unit] ?? ''}`;
}

// "42 %", "1.5 MB/s", "0.42".
export function figure(value: number, unit: string): string {
  if (unit === 'percent') return `${value.toFixed(Math.abs(value) < 9.95 ? 1 : 0)} %`;
  if (unit === 'bytes_per_second') return `${bytes(value)}/s`;
  return value.toFixed(2);
}

// Of an axis: as short as can be.
export function tick(value: number, unit: string): string {
  if (unit === 'percent') return `${Number(value.toFixed(1))} %`;
  if (unit === 'bytes_per_second') return bytes(value);
  return String(Number(value.toFixed(2)));
}

export function clock(seconds: number, withDay: boolean): string {
  const options: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit', hour12: false };
  if (withDay) options.weekday = 'short';
  return new Intl.DateTimeFormat(undefined, options).format(new Date(seconds * 1000));
}

// "12 s", "5 min", "3 h", "2 days".
export function span(seconds: number): string {
  const s = Math.max(0, Math.round(seconds));
  if (s < 90) return `${s} s`;
  if (s < 5400) return `${Math.round(s / 60)} min`;
  if (s < 172800) return `${Math.round(s / 3600)} h`;
  return `${Math.floor(s / 86400)} days`;
}

export function ago(time: string, now: string): string {
  return `${span((Date.parse(now) - Date.parse(time)) / 1000)} ago`;
}
