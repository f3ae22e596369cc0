import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { type PreviewHost, PreviewSession } from '../../../src/extension/palette/previewSession';
import type { WirePlace } from '../../../src/protocol/messages';

const place = (path: string): WirePlace => ({ root: '/r', path, startLine: 1, endLine: 2 });

/** An editor area with one group: names of tabs, one of which may be the preview tab. */
class Area implements PreviewHost {
  tabs = ['a'];
  active = 'a';
  previewTab: string | undefined;
  readonly log: string[] = [];
  /** Whether previews share one tab, as the editor's setting has it by default. */
  sharesTab = true;

  openTabs(): ReadonlySet<string> {
    return new Set(this.tabs);
  }

  async preview({ path }: WirePlace): Promise<string> {
    await Promise.resolve();
    if (path === 'broken') throw new Error('gone');
    this.log.push(`preview ${path}`);
    if (!this.tabs.includes(path)) {
      if (this.sharesTab && this.previewTab !== undefined) this.remove(this.previewTab);
      this.tabs.push(path);
      if (this.sharesTab) this.previewTab = path;
    }
    this.active = path;
    return path;
  }

  async keep({ path }: WirePlace, toSide: boolean): Promise<string> {
    await Promise.resolve();
    this.log.push(`keep ${path}${toSide ? ' beside' : ''}`);
    if (!this.tabs.includes(path)) this.tabs.push(path);
    this.active = path;
    return path;
  }

  async close(keys: readonly string[]): Promise<void> {
    await Promise.resolve();
    for (const key of keys) this.remove(key);
  }

  async restore(): Promise<void> {
    await Promise.resolve();
    this.log.push('restore');
    if (!this.tabs.includes('a')) this.tabs.push('a');
    this.active = 'a';
  }

  private remove(key: string): void {
    this.tabs = this.tabs.filter((tab) => tab !== key);
    if (this.previewTab === key) this.previewTab = undefined;
  }
}

describe('PreviewSession', () => {
  let area: Area;
  let errors: unknown[];
  let session: PreviewSession;

  beforeEach(() => {
    area = new Area();
    area.tabs = ['a', 'b'];
    errors = [];
    session = new PreviewSession(area, (error) => errors.push(error));
  });

  it('restores without a trace', async () => {
    session.show(place('x'));
    await session.restore();
    assert.deepEqual([area.tabs, area.active], [['a', 'b'], 'a']);
  });

  it('touches nothing when nothing was shown', async () => {
    await session.restore();
    assert.deepEqual(area.log, []);
  });

  for (const sharesTab of [true, false]) {
    it(`leaves one tab at most while looking (${sharesTab ? 'with' : 'without'} a preview tab)`, async () => {
      area.sharesTab = sharesTab;
      for (const path of ['x', 'y', 'b', 'z']) {
        session.show(place(path));
        await new Promise(setImmediate);
      }
      assert.deepEqual(area.tabs, ['a', 'b', 'z']);
      await session.restore();
      assert.deepEqual(area.tabs, ['a', 'b']);
    });
  }

  it('keeps what was chosen and closes the rest', async () => {
    area.sharesTab = false;
    session.show(place('x'));
    await new Promise(setImmediate);
    await session.keep(place('y'));
    assert.deepEqual([area.tabs, area.active], [['a', 'b', 'y'], 'y']);
  });

  it('keeps the very place that is shown', async () => {
    session.show(place('x'));
    await session.keep(place('x'));
    assert.deepEqual([area.tabs, area.active], [['a', 'b', 'x'], 'x']);
  });

  it('opens to the side of what was there before', async () => {
    session.show(place('x'));
    await session.keep(place('x'), true);
    assert.deepEqual(area.log.slice(-2), ['restore', 'keep x beside']);
  });

  it('leaves what is shown where the user went into it', async () => {
    session.show(place('x'));
    await session.leave();
    assert.deepEqual([area.tabs, area.active], [['a', 'b', 'x'], 'x']);
  });

  it('shows the last of several places asked for at once', async () => {
    for (const path of ['u', 'v', 'w', 'x']) session.show(place(path));
    await new Promise(setImmediate);
    assert.deepEqual(area.log, ['preview u', 'preview x']);
  });

  it('goes on after a place that cannot be shown', async () => {
    session.show(place('broken'));
    await new Promise(setImmediate);
    session.show(place('x'));
    await new Promise(setImmediate);
    assert.equal(errors.length, 1);
    assert.equal(area.active, 'x');
  });

  it('shows nothing after its end', async () => {
    await session.restore();
    session.show(place('x'));
    await new Promise(setImmediate);
    assert.deepEqual(area.log, []);
  });
});
