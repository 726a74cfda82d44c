import type { Forecast, Metrics } from './api';
import { Chart, type Line, type Picture } from './chart';
import { clock, figure } from './format';

// One card: a title, the figure now (or under the pointer), the graph, and how good the forecast was lately.
export interface PanelSpec {
  title: string;
  resources: { name: string; label: string; colour: string }[];
}

export interface PanelData {
  metrics: Metrics[]; // in the order of the spec's resources
  forecasts: Forecast[];
  from: number;
  to: number;
  now: number;
  trouble: string; // why there is no forecast, or ""
}

const kColours = ['line-1', 'line-2', 'line-3', 'line-4', 'line-5', 'line-6'];

function element<K extends keyof HTMLElementTagNameMap>(tag: K, className: string): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  made.className = className;
  return made;
}

// The forecast of a column: the first mount point goes by the resource's name, others by "disk:/home".
function forecastOf(all: Forecast[], resource: string, instance: string, first: boolean): Forecast | undefined {
  return (
    all.find((f) => f.resource === `${resource}:${instance}`) ??
    (first ? all.find((f) => f.resource === resource) : undefined)
  );
}

function futureOf(f: Forecast, until: number, last: { time: number; value: number } | null): Line['future'] {
  const origin = Date.parse(f.origin) / 1000;
  const count = f.p50.filter((_, i) => origin + i * f.step_seconds < until).length;
  const future = {
    times: f.p50.slice(0, count).map((_, i) => origin + (i + 0.5) * f.step_seconds),
    p10: f.p10.slice(0, count),
    p50: f.p50.slice(0, count),
    p90: f.p90.slice(0, count),
  };
  if (last && origin - last.time < 2 * f.step_seconds && last.time < (future.times[0] ?? 0)) {
    future.times.unshift(last.time);
    for (const column of [future.p10, future.p50, future.p90]) column.unshift(last.value);
  }
  return future;
}

function lastKnown(times: number[], values: (number | null)[]): { time: number; value: number } | null {
  for (let i = values.length - 1; i >= 0; i -= 1) {
    const value = values[i];
    const time = times[i];
    if (value !== null && value !== undefined && time !== undefined) return { time, value };
  }
  return null;
}

// Cells are drawn at their middle, the newest (not yet full) one at the present.
function cellTimes(m: Metrics, now: number): number[] {
  const from = Date.parse(m.from) / 1000;
  const count = m.columns[0]?.values.length ?? 0;
  return Array.from({ length: count }, (_, i) => Math.min(from + (i + 0.5) * m.step_seconds, now));
}

function errorText(f: Forecast, unit: string, label: string): string {
  if (f.score.points === 0) return `${label}${f.method}: not scored yet`;
  const naive = f.seasonal_naive;
  const beside =
    naive.points > 0 ? ` (same as a day ago: MAE ${figure(naive.mae, unit)}, RMSE ${figure(naive.rmse, unit)})` : '';
  return `${label}${f.method}: MAE ${figure(f.score.mae, unit)}, RMSE ${figure(f.score.rmse, unit)}${beside}`;
}

export class Panel {
  readonly root = element('section', 'panel');
  private readonly reading = element('p', 'reading');
  private readonly key = element('ul', 'key');
  private readonly notes = element('div', 'notes');
  private readonly box = element('div', 'chart');
  private readonly chart: Chart;
  private picture: Picture | null = null;
  private future: number[] = [];

  constructor(private readonly spec: PanelSpec) {
    const head = element('div', 'head');
    const title = element('h2', '');
    title.textContent = spec.title;
    head.append(title, this.key, this.reading);
    this.box.setAttribute('role', 'img');
    this.root.append(head, this.box, this.notes);
    this.chart = new Chart(this.box, (at) => this.showReading(at));
  }

  show(data: PanelData): void {
    const lines = this.lines(data);
    const unit = data.metrics[0]?.unit ?? 'percent';
    this.root.classList.toggle('empty', lines.length === 0);
    const first = data.metrics.find((m) => m.columns.length > 0);
    this.picture = { unit, times: first ? cellTimes(first, data.now) : [], lines, from: data.from, to: data.to, now: data.now };
    this.future = lines.flatMap((l, i) => (l.future ? [i] : []));
    this.chart.show(this.picture);
    this.showKey(lines);
    this.showReading(null);
    this.showNotes(data, unit);
    this.box.setAttribute('aria-label', `${this.spec.title}: ${this.reading.textContent ?? ''}`);
  }

  repaint(): void {
    if (this.picture) this.chart.show(this.picture);
  }

  destroy(): void {
    this.chart.destroy();
  }

  private lines(data: PanelData): Line[] {
    const lines: Line[] = [];
    data.metrics.forEach((m, i) => {
      const resource = this.spec.resources[i];
      if (!resource) return;
      const times = cellTimes(m, data.now);
      m.columns.forEach((column, c) => {
        const forecast = forecastOf(data.forecasts, m.resource, column.instance, c === 0);
        const line: Line = {
          label: column.instance || resource.label,
          colour: m.columns.length > 1 ? (kColours[c % kColours.length] ?? 'line-1') : resource.colour,
          values: column.values,
        };
        const future = forecast && futureOf(forecast, data.to, lastKnown(times, column.values));
        if (future) line.future = future;
        lines.push(line);
      });
    });
    return lines;
  }

  private showKey(lines: Line[]): void {
    this.key.replaceChildren(
      ...(lines.length < 2 ? [] : lines).map((l) => {
        const item = element('li', '');
        item.style.setProperty('--dot', `var(--${l.colour})`);
        item.textContent = l.label;
        return item;
      }),
    );
  }

  // The figure under the pointer, with the band where it is to come; without a pointer the newest of each line.
  private showReading(at: { time: number; index: number } | null): void {
    const picture = this.picture;
    if (!picture) return;
    const parts: string[] = [];
    const row = at ? this.chart.row(at.index) : [];
    picture.lines.forEach((line, i) => {
      const name = picture.lines.length > 1 ? `${line.label} ` : '';
      const past = at ? row[1 + i] : lastKnown(picture.times, line.values)?.value;
      const base = 1 + picture.lines.length + 3 * this.future.indexOf(i);
      if (past !== null && past !== undefined) parts.push(name + figure(past, picture.unit));
      else if (at && line.future && row[base] != null)
        parts.push(
          `${name}${figure(row[base] ?? 0, picture.unit)} (${figure(row[base + 2] ?? 0, picture.unit)} to ${figure(row[base + 1] ?? 0, picture.unit)})`,
        );
    });
    const time = at ? `${clock(at.time, picture.to - picture.from > 86400)} · ` : '';
    this.reading.textContent = parts.length > 0 ? time + parts.join(' · ') : at ? `${time}nothing` : 'nothing yet';
  }

  private showNotes(data: PanelData, unit: string): void {
    const texts = data.forecasts.map((f) =>
      errorText(f, unit, data.forecasts.length > 1 ? `${this.labelOf(f.resource)}, ` : 'Forecast by '),
    );
    for (const f of data.forecasts) if (f.note && !texts.includes(f.note)) texts.push(f.note);
    if (texts.length === 0 && data.trouble && !this.root.classList.contains('empty')) texts.push(data.trouble);
    this.notes.replaceChildren(
      ...texts.map((text) => {
        const p = element('p', '');
        p.textContent = text;
        return p;
      }),
    );
  }

  private labelOf(resource: string): string {
    const [name, instance] = resource.split(/:(.*)/, 2);
    return instance || (this.spec.resources.find((r) => r.name === name)?.label ?? resource);
  }
}
