import { api, ApiError, type Forecasts, keepToken, type Metrics, type ServerList } from './api';
import { clock } from './format';
import { ServerView } from './server_view';
import { ServersView } from './servers_view';
import { startTheme } from './theme';

export interface Span {
  label: string;
  seconds: number;
  ahead: number;
  horizon: '1h' | '24h';
}

const kSpans: Span[] = [
  { label: '1 h', seconds: 3600, ahead: 3600, horizon: '1h' },
  { label: '6 h', seconds: 6 * 3600, ahead: 3600, horizon: '1h' },
  { label: '24 h', seconds: 86400, ahead: 86400, horizon: '24h' },
  { label: '7 d', seconds: 7 * 86400, ahead: 86400, horizon: '24h' },
];
const kRefreshMs = 10_000;
const kForecastMs = 60_000;
const kYoungMs = 3 * 3600_000;

function byId<T extends HTMLElement>(id: string): T {
  const found = document.getElementById(id);
  if (!found) throw new Error(`no element ${id}`);
  return found as T;
}

// Asks the hub every ten seconds and shows what it says. One round at a time; a new choice ends the round under way.
export class App {
  private span = kSpans[2] as Span;
  private spanChosen = false; // by a person
  private round = new AbortController();
  private timer = 0;
  private view: ServerView | null = null;
  private forecasts: { key: string; at: number; value: Forecasts | null; trouble: string } | null = null;
  private lastGood = 0;
  private readonly list = new ServersView(byId('servers'));

  start(): void {
    this.showSpans();
    startTheme(byId('theme'), () => this.view?.repaint());
    addEventListener('hashchange', () => void this.refresh());
    document.addEventListener('visibilitychange', () => {
      if (!document.hidden) void this.refresh();
    });
    byId<HTMLFormElement>('login').addEventListener('close', () => {
      keepToken(byId<HTMLInputElement>('token').value);
      void this.refresh();
    });
    void this.refresh();
  }

  private showSpans(): void {
    byId('spans').replaceChildren(
      ...kSpans.map((s) => {
        const button = document.createElement('button');
        button.type = 'button';
        button.textContent = s.label;
        button.setAttribute('aria-pressed', String(s === this.span));
        button.addEventListener('click', () => {
          this.span = s;
          this.spanChosen = true;
          this.showSpans();
          void this.refresh();
        });
        return button;
      }),
    );
  }

  private async refresh(): Promise<void> {
    clearTimeout(this.timer);
    this.round.abort();
    this.round = new AbortController();
    const { signal } = this.round;
    try {
      await this.oneRound(signal);
      this.lastGood = Date.now() / 1000;
      this.banner('');
    } catch (error) {
      if (signal.aborted) return;
      this.explain(error);
    }
    if (!document.hidden) this.timer = window.setTimeout(() => void this.refresh(), kRefreshMs);
  }

  private async oneRound(signal: AbortSignal): Promise<void> {
    const [health, servers] = await Promise.all([api.health(signal), api.servers(signal)]);
    const hub = byId('hub');
    hub.className = `hub ${health.status}`;
    hub.textContent = health.status === 'pass' ? `hub ${health.version}` : health.message;
    const chosen = this.chosen(servers);
    this.list.show(servers, chosen);
    document.title = chosen ? `${chosen} · MPS` : 'MPS';
    if (!chosen) {
      this.drop();
      return this.list.showNone(byId('main'));
    }
    await this.showServer(chosen, servers, signal);
  }

  // The server that the address names, or the first one that is heard of.
  private chosen(servers: ServerList): string {
    const asked = decodeURIComponent(location.hash.replace(/^#\/?/, ''));
    const known = servers.servers.find((s) => s.name === asked);
    return (known ?? servers.servers.find((s) => s.state === 'up') ?? servers.servers[0])?.name ?? '';
  }

  private async showServer(name: string, servers: ServerList, signal: AbortSignal): Promise<void> {
    this.suitSpan(name, servers);
    const resources = ServerView.resources();
    const [status, ...metrics] = await Promise.all([
      api.status(name, signal),
      ...resources.map((r): Promise<Metrics> => api.metrics(name, r, `-${this.span.seconds}s`, signal)),
    ]);
    if (this.view?.name !== name) {
      this.drop();
      this.view = new ServerView(name, byId('main'));
    }
    const { view } = this;
    const paint = () =>
      view.show(status, metrics, this.forecasts?.value ?? null, this.forecasts?.trouble ?? '', this.span, servers.now);
    if (this.forecasts?.key !== this.forecastKey(name)) this.forecasts = null;
    paint();
    await this.refreshForecasts(name, signal);
    paint();
  }

  // Of a server that is new here a day would show next to nothing.
  private suitSpan(name: string, servers: ServerList): void {
    if (this.spanChosen) return;
    const created = servers.servers.find((s) => s.name === name)?.created_at ?? servers.now;
    const young = Date.parse(servers.now) - Date.parse(created) < kYoungMs;
    const fitting = kSpans[young ? 0 : 2] as Span;
    if (fitting === this.span) return;
    this.span = fitting;
    this.showSpans();
  }

  private forecastKey(name: string): string {
    return `${this.span.horizon} ${name}`;
  }

  private async refreshForecasts(name: string, signal: AbortSignal): Promise<void> {
    const key = this.forecastKey(name);
    if (this.forecasts?.key === key && Date.now() - this.forecasts.at < kForecastMs) return;
    try {
      this.forecasts = { key, at: Date.now(), value: await api.forecast(name, this.span.horizon, signal), trouble: '' };
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 409) throw error;
      this.forecasts = { key, at: Date.now(), value: null, trouble: `No forecast yet: ${error.message}` };
    }
  }

  private drop(): void {
    this.view?.destroy();
    this.view = null;
  }

  private explain(error: unknown): void {
    if (error instanceof ApiError && error.status === 401) {
      const dialog = byId<HTMLDialogElement>('login');
      if (!dialog.open) dialog.showModal();
      return;
    }
    const when = this.lastGood > 0 ? ` What you see is from ${clock(this.lastGood, false)}.` : '';
    this.banner(error instanceof ApiError ? `${error.message}.${when}` : `The hub does not answer.${when}`);
  }

  private banner(text: string): void {
    const banner = byId('banner');
    banner.textContent = text;
    banner.hidden = text === '';
  }
}
