import uPlot from 'uplot';
import { clock, tick } from './format';
import { colour } from './theme';

export interface Future {
  times: number[];
  p10: number[];
  p50: number[];
  p90: number[];
}

export interface Line {
  label: string;
  colour: string; // a name of the theme, such as "line-1"
  values: (number | null | undefined)[]; // null: a gap; undefined: drawn across
  future?: Future;
}

export interface Picture {
  unit: string;
  times: number[]; // of the lines' values, seconds
  lines: Line[];
  from: number;
  to: number;
  now: number; // where the past ends
}

// What lies under the pointer, or null when it has left.
export type Hover = (at: { time: number; index: number } | null) => void;

const kSync = uPlot.sync('mps');

function withAlpha(hex: string, alpha: number): string {
  const n = parseInt(hex.slice(1), 16);
  return `rgba(${n >> 16}, ${(n >> 8) & 255}, ${n & 255}, ${alpha})`;
}

// Past and future of all lines on one axis of time. Instants that only some series have do not break the others.
function table(picture: Picture): uPlot.AlignedData {
  const tables: uPlot.AlignedData[] = [[picture.times, ...picture.lines.map((l) => l.values)] as uPlot.AlignedData];
  for (const { future } of picture.lines)
    if (future) tables.push([future.times, future.p50, future.p90, future.p10]);
  return uPlot.join(tables);
}

function upperEnd(picture: Picture): number {
  let top = 0;
  for (const { values, future } of picture.lines) {
    for (const v of values) if (v != null && v > top) top = v;
    for (const v of future?.p90 ?? []) if (v > top) top = v;
  }
  if (picture.unit === 'percent') return top > 85 ? 100 : Math.max(10, Math.ceil((top * 1.15) / 10) * 10);
  return top > 0 ? top * 1.12 : 1;
}

// A value without neighbours makes no line: it is drawn as a dot.
function lonely(u: uPlot, series: number): number[] | null {
  const values = u.data[series] ?? [];
  const known = (i: number) => values[i] !== null && values[i] !== undefined;
  const beside = (from: number, step: number) => {
    let i = from + step;
    while (i >= 0 && i < values.length && values[i] === undefined) i += step; // an instant of other lines alone
    return known(i);
  };
  const dots: number[] = [];
  for (let i = 0; i < values.length; i += 1) if (known(i) && !beside(i, -1) && !beside(i, 1)) dots.push(i);
  return dots.length > 0 ? dots : null;
}

function seriesOf(picture: Picture): { series: uPlot.Series[]; bands: uPlot.Band[] } {
  const series: uPlot.Series[] = [{}];
  const bands: uPlot.Band[] = [];
  const plain = { points: { show: false } };
  for (const line of picture.lines) {
    const stroke = colour(line.colour);
    const points: uPlot.Series.Points = { show: false, filter: lonely, size: 4, fill: stroke };
    series.push({ points, label: line.label, stroke, width: 1.75, spanGaps: false });
  }
  for (const line of picture.lines) {
    if (!line.future) continue;
    const stroke = colour(line.colour);
    const first = series.length;
    series.push({ ...plain, label: `${line.label} p50`, stroke, width: 1.75, dash: [5, 4] });
    series.push({ ...plain, label: `${line.label} p90`, width: 0 }, { ...plain, label: `${line.label} p10`, width: 0 });
    bands.push({ series: [first + 1, first + 2], fill: withAlpha(stroke, 0.2) });
  }
  return { series, bands };
}

function axes(unit: string, days: boolean): uPlot.Axis[] {
  const common = {
    stroke: colour('muted'),
    font: '11px system-ui, sans-serif',
    grid: { stroke: colour('grid'), width: 1 },
    ticks: { show: false },
  };
  return [
    { ...common, size: 24, space: 64, values: (_u, splits) => splits.map((s) => clock(s, days)) },
    { ...common, size: 54, space: 34, gap: 4, values: (u, splits) => splits.map((s) => (u.series.length > 1 ? tick(s, unit) : '')) }, // of nothing: no figures
  ];
}

function drawNow(u: uPlot, now: number): void {
  const x = Math.round(u.valToPos(now, 'x', true));
  if (x <= u.bbox.left || x >= u.bbox.left + u.bbox.width) return;
  const { ctx } = u;
  ctx.save();
  ctx.strokeStyle = colour('axis');
  ctx.lineWidth = devicePixelRatio;
  ctx.beginPath();
  ctx.moveTo(x + 0.5, u.bbox.top);
  ctx.lineTo(x + 0.5, u.bbox.top + u.bbox.height);
  ctx.stroke();
  ctx.fillStyle = colour('muted');
  ctx.textAlign = 'left';
  ctx.font = `${10 * devicePixelRatio}px system-ui, sans-serif`;
  ctx.fillText('now', x + 4 * devicePixelRatio, u.bbox.top + 10 * devicePixelRatio);
  ctx.restore();
}

// One canvas that is kept while its figures change.
export class Chart {
  private plot: uPlot | null = null;
  private shape = '';
  private picture: Picture | null = null;
  private readonly resizer: ResizeObserver;

  constructor(
    private readonly box: HTMLElement,
    private readonly hover: Hover,
  ) {
    this.resizer = new ResizeObserver(() => this.plot?.setSize(this.size()));
    this.resizer.observe(box);
  }

  show(picture: Picture): void {
    this.picture = picture;
    const shape = JSON.stringify([
      picture.unit,
      picture.lines.map((l) => [l.label, l.colour, l.future !== undefined]),
      colour('line-1'),
    ]);
    if (!this.plot || shape !== this.shape) this.rebuild(picture);
    else this.plot.setData(table(picture), true);
    this.shape = shape;
  }

  // The row of the table at an index of the plot: history, or p50, p90, p10 per line.
  row(index: number): (number | null | undefined)[] {
    return this.plot ? this.plot.data.map((column) => column[index]) : [];
  }

  destroy(): void {
    this.resizer.disconnect();
    this.plot?.destroy();
  }

  private size(): { width: number; height: number } {
    return { width: Math.max(100, this.box.clientWidth), height: Math.max(100, this.box.clientHeight) };
  }

  private rebuild(picture: Picture): void {
    this.plot?.destroy();
    const { series, bands } = seriesOf(picture);
    const current = () => this.picture ?? picture;
    this.plot = new uPlot(
      {
        ...this.size(),
        series,
        bands,
        axes: axes(picture.unit, picture.to - picture.from > 3 * 86400),
        legend: { show: false },
        padding: [8, 18, 0, 0],
        cursor: { y: false, drag: { x: false, y: false }, sync: { key: kSync.key }, points: { size: 6 } },
        scales: {
          x: { time: true, range: () => [current().from, current().to] },
          y: { range: () => [0, upperEnd(current())] },
        },
        hooks: {
          draw: [(u) => drawNow(u, current().now)],
          setCursor: [
            (u) => {
              const index = u.cursor.idx;
              const time = index == null ? undefined : u.data[0][index];
              this.hover(index == null || time === undefined ? null : { time, index });
            },
          ],
        },
      },
      table(picture),
      this.box,
    );
  }
}
