import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { engineEnvironment } from '../../../src/extension/engineClient/environment';
import { MAX_RESTARTS, RestartPolicy, WINDOW } from '../../../src/extension/engineClient/restartPolicy';
import { fromWire } from '../../../src/extension/engineClient/wireErrors';
import { StoredHistory } from '../../../src/extension/history';
import { labelOf, locate, referenceOf } from '../../../src/extension/reference/placeNames';
import {
  ChangeGatherer,
  type Changes,
  LONGEST,
  MOST_PATHS,
  QUIET,
} from '../../../src/extension/workspace/changes';
import { isWorthTelling } from '../../../src/extension/workspace/watchedPath';
import { ManualTimers, MemoryMemento, vs } from './editorStandIn';

describe('restart policy', () => {
  it('waits longer each time and gives up within the window', () => {
    const policy = new RestartPolicy();
    const delays = Array.from({ length: MAX_RESTARTS }, (_, i) => policy.afterCrash(i * 1000) ?? -1);
    assert.deepEqual(
      delays,
      [...delays].sort((a, b) => a - b),
    );
    assert.ok(delays.every((delay) => delay > 0));
    assert.equal(policy.afterCrash(5000), undefined);
  });

  it('forgets crashes that are long ago, and all when the user restarts', () => {
    const policy = new RestartPolicy();
    for (let i = 0; i < MAX_RESTARTS; i++) policy.afterCrash(0);
    assert.notEqual(policy.afterCrash(WINDOW), undefined);
    for (let i = 1; i < MAX_RESTARTS; i++) policy.afterCrash(WINDOW);
    assert.equal(policy.afterCrash(WINDOW), undefined);
    policy.forgive();
    assert.notEqual(policy.afterCrash(WINDOW), undefined);
  });
});

describe('engine environment', () => {
  it('leaves out what would change how Node runs, in either case', () => {
    assert.deepEqual(
      engineEnvironment({
        PATH: '/bin',
        NODE_OPTIONS: '--require x',
        node_options: '--require x',
        ELECTRON_NO_ASAR: '1',
        VSCODE_IPC_HOOK: 'x',
        EMPTY: undefined,
      }),
      { PATH: '/bin', ELECTRON_RUN_AS_NODE: '1' },
    );
  });
});

describe('failures on the wire', () => {
  it('keep code and message', () => {
    const error = fromWire(Object.assign(new Error('Full.'), { code: 1, data: { code: 'disk-full' } }));
    assert.ok(error !== 'cancelled');
    assert.deepEqual([error.code, error.message], ['disk-full', 'Full.']);
  });

  it('are cancellations where the engine says so, and failures of the engine otherwise', () => {
    assert.equal(fromWire(Object.assign(new Error('x'), { code: -32800 })), 'cancelled');
    const bug = fromWire(Object.assign(new Error('x'), { data: { code: 'bug' } }));
    assert.ok(bug !== 'cancelled' && bug.code === 'engine-failed');
  });
});

describe('gathered changes', () => {
  function gathered() {
    const timers = new ManualTimers();
    const told: (Changes | 'too many')[] = [];
    const gatherer = new ChangeGatherer(
      { changes: (changes) => told.push(changes), tooMany: () => told.push('too many') },
      timers.later,
      () => timers.now,
    );
    return { gatherer, timers, told };
  }

  it('tells a burst once, each path as it was last', () => {
    const { gatherer, timers, told } = gathered();
    gatherer.changed('a');
    timers.advance(QUIET / 2);
    gatherer.deleted('a');
    gatherer.changed('b');
    gatherer.deleted('b');
    gatherer.changed('b');
    timers.advance(QUIET - 1);
    assert.deepEqual(told, []);
    timers.advance(1);
    assert.deepEqual(told, [{ changed: ['b'], deleted: ['a'] }]);
    timers.advance(10_000);
    assert.equal(told.length, 1);
  });

  it('tells without quiet when it lasts', () => {
    const { gatherer, timers, told } = gathered();
    for (let time = 0; time <= LONGEST; time += QUIET / 2) {
      gatherer.changed(`f${time}`);
      timers.advance(QUIET / 2);
    }
    assert.ok(told.length > 0);
  });

  it('tells at once on demand', () => {
    const { gatherer, timers, told } = gathered();
    gatherer.changed('saved');
    gatherer.flush();
    assert.deepEqual(told, [{ changed: ['saved'], deleted: [] }]);
    timers.advance(10_000);
    assert.equal(told.length, 1);
  });

  it('asks for a look at the whole folder when there is too much', () => {
    const { gatherer, timers, told } = gathered();
    for (let i = 0; i <= MOST_PATHS; i++) gatherer.changed(`f${i}`);
    timers.advance(LONGEST);
    assert.deepEqual(told, ['too many']);
    gatherer.changed('a');
    timers.advance(QUIET);
    assert.deepEqual(told[1], { changed: ['a'], deleted: [] });
  });

  it('leaves version control alone, but for its ignore rules', () => {
    assert.deepEqual(
      ['', '.git/index', 'sub/.git/HEAD', '.git/info/exclude', '.gitignore', 'src/.github/x', 'a.git'].map(
        isWorthTelling,
      ),
      [false, false, false, true, true, true, true],
    );
  });
});

describe('names of places', () => {
  const one = [{ path: '/w/app', name: 'app' }];
  const two = [...one, { path: '/w/app/lib', name: 'lib' }];
  const place = { root: '/w/app', path: 'src/a.ts', startLine: 10, endLine: 42 };

  it('carry the folder only where there are several', () => {
    assert.equal(referenceOf(one, place), 'src/a.ts#L10-L42');
    assert.equal(referenceOf(two, place), 'app/src/a.ts#L10-L42');
    assert.equal(referenceOf(one, { ...place, endLine: 10 }), 'src/a.ts#L10');
    assert.equal(labelOf(two, { root: '/w/app/lib', path: 'b.ts' }), 'lib/b.ts');
  });

  it('are found in the innermost root', () => {
    assert.deepEqual(locate(two, '/w/app/lib/b.ts', 'posix'), { root: '/w/app/lib', path: 'b.ts' });
    assert.deepEqual(locate(two, '/w/app/library.ts', 'posix'), { root: '/w/app', path: 'library.ts' });
    assert.equal(locate(two, '/w/apple/b.ts', 'posix'), undefined);
    assert.equal(locate(two, '/w/app', 'posix'), undefined);
  });

  it('know Windows', () => {
    const roots = [{ path: 'c:\\w\\App', name: 'App' }];
    assert.deepEqual(locate(roots, 'C:\\w\\App\\src\\a.ts', 'win32'), {
      root: 'c:\\w\\App',
      path: 'src/a.ts',
    });
    assert.deepEqual(locate([{ path: 'd:\\', name: 'd' }], 'd:\\a.ts', 'win32'), {
      root: 'd:\\',
      path: 'a.ts',
    });
  });
});

describe('query history', () => {
  it('keeps the newest first, each once, and survives', () => {
    const memento = new MemoryMemento();
    const history = new StoredHistory(memento, vs, assert.ifError);
    const seen: (readonly string[])[] = [];
    history.onDidChange((queries) => seen.push(queries));
    for (const query of ['a', ' b ', 'a', 'a', '  ']) history.add(query);
    assert.deepEqual(history.queries, ['a', 'b']);
    assert.equal(seen.length, 3);
    assert.deepEqual(new StoredHistory(memento, vs, assert.ifError).queries, ['a', 'b']);
    for (let i = 0; i < 100; i++) history.add(`q${i}`);
    assert.equal(history.queries.length, 50);
    history.clear();
    assert.deepEqual(new StoredHistory(memento, vs, assert.ifError).queries, []);
  });
});
