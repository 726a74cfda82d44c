import type { Forecast, Metrics } from './api';
import { Chart, type Line, type Picture } from './chart';
import { clock, figure } from './format';
import { withoutFalseGaps } from './gaps';

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

function lastKnown(times: number[], values: Line['values']): { time: number; value: number } | null {
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

// "1 h", "24 h": how far the forecasts reach.
function reach(f: Forecast): string {
  return `${Math.round((f.p50.length * f.step_seconds) / 3600)} h`;
}

function tableRow(cells: string[], tag: 'td' | 'th'): HTMLTableRowElement {
  const row = document.createElement('tr');
  row.append(
    ...cells.map((text, i) => {
      const cell = document.createElement(i === 0 ? 'th' : tag);
      cell.textContent = text;
      return cell;
    }),
  );
  return row;
}

// The errors of the method beside those of the simplest one.
function errorRows(f: Forecast, unit: string, label: string): HTMLTableRowElement[] {
  const row = (name: string, s: Forecast['score']) =>
    tableRow([name, ...(s.points > 0 ? [figure(s.mae, unit), figure(s.rmse, unit)] : ['not scored yet', ''])], 'td');
  return [row(label + f.method, f.score), row('same as a day ago', f.seasonal_naive)];
}

export class Panel {
  readonly root = element('section', 'panel');
  private readonly time = element('span', 'time');
  private readonly key = element('ul', 'key');
  private readonly notes = element('div', 'notes');
  private readonly box = element('div', 'chart');
  private readonly chart: Chart;
  private picture: Picture | null = null;
  private future: number[] = []; // the lines that have one
  private under: { time: number; index: number } | null = null; // the pointer

  constructor(private readonly spec: PanelSpec) {
    const head = element('div', 'head');
    const title = element('h2', '');
    title.textContent = spec.title;
    head.append(title, this.time, this.key);
    this.box.setAttribute('role', 'img');
    this.root.append(head, this.box, this.notes);
    this.chart = new Chart(this.box, (at) => {
      this.under = at;
      this.showReading(at);
    });
  }

  show(data: PanelData): void {
    const lines = this.lines(data);
    const unit = data.metrics[0]?.unit ?? 'percent';
    this.root.classList.toggle('empty', lines.length === 0);
    const first = data.metrics.find((m) => m.columns.length > 0);
    this.picture = { unit, times: first ? cellTimes(first, data.now) : [], lines, from: data.from, to: data.to, now: data.now };
    this.future = lines.flatMap((l, i) => (l.future ? [i] : []));
    this.chart.show(this.picture);
    this.showReading(this.under);
    this.showNotes(data, unit);
    this.box.setAttribute('aria-label', `${this.spec.title}: ${this.key.textContent ?? ''}`);
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
          values: withoutFalseGaps(column.values),
        };
        const future = forecast && futureOf(forecast, data.to, lastKnown(times, column.values));
        if (future) line.future = future;
        lines.push(line);
      });
    });
    return lines;
  }

  // The figures under the pointer, with the band where they are to come; without a pointer the newest of each line.
  private showReading(at: { time: number; index: number } | null): void {
    const { picture } = this;
    if (!picture) return;
    const row = at ? this.chart.row(at.index) : [];
    this.time.textContent = at ? clock(at.time, picture.to - picture.from > 86400) : '';
    const items = picture.lines.map((line, i) => {
      const past = at ? row[1 + i] : lastKnown(picture.times, line.values)?.value;
      const to_come = 1 + picture.lines.length + 3 * this.future.indexOf(i);
      if (past !== null && past !== undefined) return this.keyItem(line, figure(past, picture.unit));
      const [p50, p90, p10] = line.future ? row.slice(to_come, to_come + 3) : [];
      if (p50 == null || p90 == null || p10 == null) return this.keyItem(line, '–');
      const band = `${figure(p10, picture.unit)} to ${figure(p90, picture.unit)}`;
      return this.keyItem(line, `${figure(p50, picture.unit)} (${band})`);
    });
    this.key.replaceChildren(...(items.length > 0 ? items : [this.keyItem(null, 'nothing yet')]));
  }

  private keyItem(line: Line | null, text: string): HTMLLIElement {
    const item = document.createElement('li');
    if (line && (this.picture?.lines.length ?? 0) > 1) {
      item.className = 'named';
      item.style.setProperty('--dot', `var(--${line.colour})`);
      item.append(`${line.label} `);
    }
    const value = document.createElement('b');
    value.textContent = text;
    item.append(value);
    return item;
  }

  private showNotes(data: PanelData, unit: string): void {
    const [first] = data.forecasts;
    const paragraph = (text: string) => {
      const p = document.createElement('p');
      p.textContent = text;
      return p;
    };
    if (!first) {
      const empty = this.root.classList.contains('empty');
      this.notes.replaceChildren(...(data.trouble && !empty ? [paragraph(data.trouble)] : []));
      return;
    }
    const table = document.createElement('table');
    table.append(tableRow([`Forecast, next ${reach(first)}`, 'MAE', 'RMSE'], 'th'));
    for (const f of data.forecasts)
      table.append(...errorRows(f, unit, data.forecasts.length > 1 ? `${this.labelOf(f.resource)}: ` : ''));
    const notes = new Set(data.forecasts.map((f) => f.note).filter((n) => n !== ''));
    this.notes.replaceChildren(table, ...[...notes].map(paragraph));
  }

  private labelOf(resource: string): string {
    const [name, instance] = resource.split(/:(.*)/, 2);
    return instance || (this.spec.resources.find((r) => r.name === name)?.label ?? resource);
  }
}
