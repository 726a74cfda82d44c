import type { ServerList } from './api';
import { ago } from './format';

const kStates = { up: 'up', silent: 'silent', new: 'never heard of' };

// The list of servers beside (on a phone: above) the graphs.
export class ServersView {
  private shown = '';

  constructor(private readonly root: HTMLElement) {}

  show(list: ServerList, chosen: string): void {
    const scroll = this.root.scrollLeft;
    this.root.replaceChildren(
      ...list.servers.map((s) => {
        const link = document.createElement('a');
        link.href = `#/${encodeURIComponent(s.name)}`;
        link.className = `server ${s.state}`;
        if (s.name === chosen) link.setAttribute('aria-current', 'page');
        const name = document.createElement('span');
        name.className = 'name';
        name.textContent = s.name;
        const seen = document.createElement('span');
        seen.className = 'seen';
        seen.textContent = s.last_seen ? `${kStates[s.state]}, ${ago(s.last_seen, list.now)}` : kStates[s.state];
        link.append(name, seen);
        return link;
      }),
    );
    this.root.scrollLeft = scroll;
    if (chosen !== this.shown) this.root.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' });
    this.shown = chosen;
  }

  // A hub without servers tells how to get one.
  showNone(main: HTMLElement): void {
    const box = document.createElement('section');
    box.className = 'none';
    box.innerHTML = `<h1>No servers yet</h1>
      <p>Add one, and start an agent with the token that this prints:</p>
      <pre><code>mps server add web-01</code></pre>
      <p>This page shows its figures as soon as they arrive.</p>`;
    main.replaceChildren(box);
  }
}
