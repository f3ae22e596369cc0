/** The search panel's controller, with this test as its page. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { SearchParams, WireAnswer, WireHit } from '../../../src/protocol/messages';
import type { PanelFilters, ToHost, ToPage } from '../../../src/protocol/panelMessages';
import { PanelController, paramsOf, type PanelHost } from '../../../src/extension/panel/panelController';

const FILTERS: PanelFilters = { mode: 'hybrid', kind: 'all', includeTests: true, languages: [], folder: '' };

function hit(path: string): WireHit {
  return {
    root: '/root',
    path,
    startLine: 1,
    endLine: 3,
    language: 'python',
    breadcrumb: [],
    score: 1,
    reasons: [],
    snippet: 'x',
    snippetLine: 1,
    marks: [],
    focusLine: 1,
    copies: [],
  };
}

class Cancelled extends Error {}

/** A host that answers when the test says so. */
class Host implements PanelHost<number> {
  readonly sent: ToPage[] = [];
  readonly cancelled: number[] = [];
  readonly asked: {
    params: SearchParams;
    resolve: (answer: WireAnswer) => void;
    reject: (e: Error) => void;
  }[] = [];
  readonly remembered: string[] = [];
  readonly acts: string[] = [];
  private tokens = 0;

  send(message: ToPage): void {
    this.sent.push(message);
  }
  search(params: SearchParams): Promise<WireAnswer> {
    return new Promise((resolve, reject) => this.asked.push({ params, resolve, reject }));
  }
  newCancel(): { token: number; cancel: () => void } {
    const token = this.tokens++;
    return { token, cancel: () => this.cancelled.push(token) };
  }
  labelOf({ path }: { path: string }): string {
    return `app/${path}`;
  }
  act(action: string): Promise<void> {
    this.acts.push(action);
    return Promise.resolve();
  }
  resolve(): Promise<void> {
    this.acts.push('resolve');
    return Promise.resolve();
  }
  remember(query: string): void {
    this.remembered.push(query);
  }
  keep(): void {
    this.acts.push('keep');
  }
  focused(): void {
    this.acts.push('focused');
  }
  isCancellation(error: unknown): boolean {
    return error instanceof Cancelled;
  }
  condition(): { kind: 'ready'; text: string } {
    return { kind: 'ready', text: '' };
  }
  history(): readonly string[] {
    return ['older'];
  }
  settings(): Extract<ToPage, { type: 'settings' }> {
    return { type: 'settings', searchAsYouType: true, canChat: false };
  }
  maxResults(): number {
    return 50;
  }
  colors(): string {
    return '.code{}';
  }
}

function search(id: number, query: string): ToHost {
  return { type: 'search', id, query, filters: FILTERS, limit: 30 };
}

describe('the search panel', () => {
  it('tells a new page how things are, and then what came before it was there', async () => {
    const host = new Host();
    const controller = new PanelController(host);
    controller.show('Similar to a', { hits: [hit('a.py')], notes: [] });
    assert.deepEqual(host.sent, []);
    await controller.receive({ type: 'ready' });
    assert.deepEqual(
      host.sent.map(({ type }) => type),
      ['colors', 'settings', 'history', 'condition', 'results'],
    );
  });

  it('answers the last question alone, whatever comes late', async () => {
    const host = new Host();
    const controller = new PanelController(host);
    await controller.receive({ type: 'ready' });
    host.sent.length = 0;
    const first = controller.receive(search(1, 'retr'));
    const second = controller.receive(search(2, 'retry'));
    await controller.receive({ type: 'settled', query: 'retry' });
    assert.deepEqual(host.cancelled, [0]);
    host.asked[1]?.resolve({ hits: [hit('b.py')], notes: [] });
    host.asked[0]?.resolve({ hits: [hit('a.py')], notes: [] });
    await Promise.all([first, second]);
    assert.equal(host.sent.length, 1);
    const [answer] = host.sent;
    assert.ok(answer?.type === 'results');
    assert.equal(answer.id, 2);
    assert.deepEqual(
      answer.hits.map(({ label }) => label),
      ['app/b.py'],
    );
    assert.deepEqual(host.remembered, ['retry']);
  });

  it('shows what went wrong, but not that a question was taken back', async () => {
    const host = new Host();
    const controller = new PanelController(host);
    await controller.receive({ type: 'ready' });
    host.sent.length = 0;
    const failing = controller.receive(search(1, 'lang:klingon'));
    host.asked[0]?.reject(new Error('"klingon" is no language known here.'));
    await failing;
    assert.deepEqual(host.sent, [
      { type: 'failure', id: 1, message: '"klingon" is no language known here.' },
    ]);
    const cancelled = controller.receive(search(2, 'x'));
    host.asked[1]?.reject(new Cancelled());
    await cancelled;
    assert.equal(host.sent.length, 1);
  });

  it('offers more until there is no more, or as many as the user wants', async () => {
    const host = new Host();
    const controller = new PanelController(host);
    await controller.receive({ type: 'ready' });
    const offers = async (limit: number, found: number): Promise<readonly [asked: number, more: boolean]> => {
      const answered = controller.receive({ type: 'search', id: 1, query: 'retry', filters: FILTERS, limit });
      const { params, resolve } = host.asked.at(-1)!;
      resolve({ hits: Array.from({ length: found }, (_, i) => hit(`${i}.py`)), notes: [] });
      await answered;
      const answer = host.sent.at(-1);
      assert.ok(answer?.type === 'results');
      return [params.limit, answer.hasMore];
    };
    assert.deepEqual(await offers(30, 12), [30, false]);
    assert.deepEqual(await offers(30, 30), [30, true]);
    assert.deepEqual(await offers(60, 50), [50, false]);
  });

  it('passes actions on', async () => {
    const host = new Host();
    const controller = new PanelController(host);
    await controller.receive({ type: 'hit', action: 'openToSide', hit: { ...hit('a.py'), label: 'a.py' } });
    await controller.receive({ type: 'resolve' });
    assert.deepEqual(host.acts, ['openToSide', 'resolve']);
  });

  it('makes a glob of a folder, Windows separators included', () => {
    const pathsOf = (folder: string): readonly string[] => paramsOf('q', { ...FILTERS, folder }, 10).paths;
    assert.deepEqual(pathsOf(''), []);
    assert.deepEqual(pathsOf('src/app'), ['src/app/**']);
    assert.deepEqual(pathsOf('.\\src\\app\\'), ['src/app/**']);
    assert.deepEqual(pathsOf('**/*.ts'), ['**/*.ts']);
  });
});
