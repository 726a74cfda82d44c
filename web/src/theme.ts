// Light, dark, or as the system says. Charts are painted on canvas, so they ask for colours here and are told of changes.

type Choice = 'system' | 'light' | 'dark';

const kKey = 'mps-theme';
const kNext: Record<Choice, Choice> = { system: 'light', light: 'dark', dark: 'system' };
const kLabel: Record<Choice, string> = { system: 'Theme: system', light: 'Theme: light', dark: 'Theme: dark' };

function stored(): Choice {
  const value = localStorage.getItem(kKey);
  return value === 'light' || value === 'dark' ? value : 'system';
}

export function startTheme(button: HTMLButtonElement, changed: () => void): void {
  const show = () => {
    const choice = stored();
    if (choice === 'system') document.documentElement.removeAttribute('data-theme');
    else document.documentElement.dataset.theme = choice;
    button.textContent = kLabel[choice];
  };
  button.addEventListener('click', () => {
    localStorage.setItem(kKey, kNext[stored()]);
    show();
    changed();
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', changed);
  show();
}

export function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}
