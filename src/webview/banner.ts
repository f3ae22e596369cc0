/** The lines above the results: how the index is, and what went wrong. */
import type { PanelCondition } from '../protocol/panelMessages';
import { element } from './dom';

export class Banner {
  readonly root = element('div', { class: 'banner', role: 'status' });
  private readonly state = element('div', { class: 'condition' });
  private readonly error = element('div', { class: 'failure', role: 'alert' });

  constructor(private readonly resolve: () => void) {
    this.root.append(this.state, this.error);
  }

  condition({ kind, text, progress, action }: PanelCondition): void {
    this.state.replaceChildren();
    this.state.className = `condition ${kind}`;
    if (kind === 'ready') return;
    const icon = element('vscode-icon', {
      name: kind === 'problem' ? 'info' : 'sync',
      'aria-hidden': 'true',
    });
    this.state.append(element('div', { class: 'line' }, icon, element('span', {}, text)));
    if (progress !== undefined) {
      const value = String(Math.floor(progress * 100));
      this.state.append(element('vscode-progress-bar', { value, max: '100', 'aria-label': `${value}%` }));
    }
    if (action !== undefined) {
      const button = element('vscode-button', {}, action);
      button.addEventListener('click', () => this.resolve());
      this.state.append(button);
    }
  }

  /** An empty message takes it away. */
  failure(message: string): void {
    this.error.textContent = message;
  }
}
