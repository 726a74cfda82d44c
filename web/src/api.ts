// The hub's REST API, as far as the page asks it. Times are RFC 3339; what is not known is null.

export interface ServerEntry {
  name: string;
  state: 'up' | 'silent' | 'new';
  last_seen: string | null;
  created_at: string;
}

export interface ServerList {
  now: string;
  servers: ServerEntry[];
  next: string | null; // the cursor of the next page
}

export interface CurrentValue {
  resource: string;
  title: string;
  unit: string;
  instance: string;
  value: number;
  time: string;
}

export interface ServerStatus {
  server: ServerEntry;
  uptime_seconds: number | null;
  values: CurrentValue[];
}

export interface Metrics {
  resource: string;
  title: string;
  unit: string;
  from: string;
  to: string;
  step_seconds: number;
  columns: { instance: string; values: (number | null)[] }[];
}

export interface Score {
  method: string;
  mae: number;
  rmse: number;
  points: number;
}

export interface Forecast {
  resource: string; // "cpu", or "disk:/home" of one of several mount points
  unit: string;
  origin: string;
  step_seconds: number;
  p10: number[];
  p50: number[];
  p90: number[];
  method: string;
  score: Score;
  seasonal_naive: Score;
  note: string;
}

export interface Forecasts {
  trained_at: string | null;
  forecasts: Forecast[];
}

export interface Health {
  status: 'pass' | 'replaying' | 'fail';
  message: string;
  version: string;
}

// The hub answered, but not with what was asked for.
export class ApiError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

const kTokenKey = 'mps-read-token';

export function keepToken(token: string): void {
  sessionStorage.setItem(kTokenKey, token);
}

async function ask<T>(path: string, signal?: AbortSignal): Promise<T> {
  const token = sessionStorage.getItem(kTokenKey);
  const headers: Record<string, string> = token ? { Authorization: `Bearer ${token}` } : {};
  const response = await fetch(path, { headers, signal: signal ?? null, cache: 'no-store' });
  const body: unknown = await response.json().catch(() => ({}));
  if (!response.ok && path !== 'health') {
    const detail = (body as { detail?: string }).detail;
    throw new ApiError(response.status, detail ?? `the hub answers ${response.status}`);
  }
  return body as T;
}

// All pages, one after another. Where servers come and go meanwhile, a round later shows it.
async function allServers(signal?: AbortSignal): Promise<ServerList> {
  const list = await ask<ServerList>('api/v1/servers', signal);
  while (list.next) {
    const page = await ask<ServerList>(`api/v1/servers?cursor=${encodeURIComponent(list.next)}`, signal);
    list.servers.push(...page.servers);
    list.next = page.next;
  }
  return list;
}

const server = (name: string) => `api/v1/servers/${encodeURIComponent(name)}`;

export const api = {
  health: (signal?: AbortSignal) => ask<Health>('health', signal),
  servers: (signal?: AbortSignal) => allServers(signal),
  status: (name: string, signal?: AbortSignal) => ask<ServerStatus>(`${server(name)}/status`, signal),
  metrics: (name: string, resource: string, from: string, signal?: AbortSignal) =>
    ask<Metrics>(`${server(name)}/metrics?resource=${resource}&from=${from}`, signal),
  forecast: (name: string, horizon: string, signal?: AbortSignal) =>
    ask<Forecasts>(`${server(name)}/forecast?horizon=${horizon}`, signal),
};
