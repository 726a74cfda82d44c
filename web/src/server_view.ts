import type { Forecasts, Metrics, ServerStatus } from './api';
import type { Span } from './app';
import { ago, figure, span as spanText } from './format';
import { Panel, type PanelSpec } from './panel';

const kPanels: PanelSpec[] = [
  { title: 'CPU', resources: [{ name: 'cpu', label: 'CPU', colour: 'line-1' }] },
  { title: 'RAM', resources: [{ name: 'ram', label: 'RAM', colour: 'line-3' }] },
  { title: 'Disk', resources: [{ name: 'disk', label: 'Disk', colour: 'line-4' }] },
  {
    title: 'Network',
    resources: [
      { name: 'net_rx', label: 'received', colour: 'line-1' },
      { name: 'net_tx', label: 'sent', colour: 'line-2' },
    ],
  },
];
const kStates = { up: 'up', silent: 'silent', new: 'never heard of' };

// One server: what it reads now, and four graphs.
export class ServerView {
  private readonly heading = document.createElement('div');
  private readonly panels = kPanels.map((spec) => new Panel(spec));

  static resources(): string[] {
    return kPanels.flatMap((p) => p.resources.map((r) => r.name));
  }

  constructor(
    readonly name: string,
    main: HTMLElement,
  ) {
    this.heading.className = 'heading';
    const grid = document.createElement('div');
    grid.className = 'panels';
    grid.append(...this.panels.map((p) => p.root));
    main.replaceChildren(this.heading, grid);
  }

  show(
    status: ServerStatus,
    metrics: Metrics[],
    forecasts: Forecasts | null,
    trouble: string,
    shown: Span,
    hubNow: string,
  ): void {
    this.showHeading(status, forecasts, hubNow);
    const now = Date.parse(hubNow) / 1000;
    kPanels.forEach((spec, i) => {
      const names = spec.resources.map((r) => r.name);
      this.panels[i]?.show({
        metrics: names.flatMap((n) => metrics.find((m) => m.resource === n) ?? []),
        forecasts: forecasts?.forecasts.filter((f) => names.includes(f.resource.split(':')[0] ?? '')) ?? [],
        from: now - shown.seconds,
        to: now + (forecasts ? shown.ahead : 0),
        now,
        trouble,
      });
    });
  }

  repaint(): void {
    for (const panel of this.panels) panel.repaint();
  }

  destroy(): void {
    for (const panel of this.panels) panel.destroy();
  }

  private showHeading(status: ServerStatus, forecasts: Forecasts | null, now: string): void {
    const title = document.createElement('h1');
    title.textContent = this.name;
    const state = document.createElement('span');
    state.className = `state ${status.server.state}`;
    state.textContent = kStates[status.server.state];
    const facts: string[] = [];
    if (status.server.last_seen) facts.push(`last heard of ${ago(status.server.last_seen, now)}`);
    if (status.uptime_seconds !== null) facts.push(`running for ${spanText(status.uptime_seconds)}`);
    const load = status.values.find((v) => v.unit === 'load');
    if (load) facts.push(`load ${figure(load.value, load.unit)}`);
    if (forecasts?.trained_at) facts.push(`model trained ${ago(forecasts.trained_at, now)}`);
    const text = document.createElement('p');
    text.textContent = facts.join(' · ');
    this.heading.replaceChildren(title, state, text);
  }
}
