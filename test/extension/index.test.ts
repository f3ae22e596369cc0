/** The index in a real window: what is saved, moved, deleted, excluded, killed or forbidden. */
import assert from 'node:assert/strict';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { engines } from './processes';
import { Desk, type WindowOptions, VsCodeWindow } from './vscode';

const desk = new Desk();
after(() => desk.clear());

async function inWindow(options: WindowOptions, use: (window: VsCodeWindow) => Promise<void>): Promise<void> {
  const window = await VsCodeWindow.open(desk, options);
  try {
    await use(window);
  } finally {
    await window.close();
  }
}

const isIn = (file: RegExp) => (rows: readonly string[]) => rows.some((row) => file.test(row));
const isNotIn = (file: RegExp) => (rows: readonly string[]) =>
  rows.length > 0 && !rows.some((row) => file.test(row));

test('what is written, renamed and deleted outside the editor is found where it is', async () => {
  const root = desk.corpus('outside');
  await inWindow({ workspace: root }, async (window) => {
    await window.indexed();
    const query = 'zeppelin mooring procedure';
    writeFileSync(
      desk.at('outside/zeppelin.py'),
      'def moor_zeppelin(mast):\n    """Mooring procedure of a zeppelin."""\n    mast.hold()\n',
    );
    await window.ask(query, isIn(/zeppelin\.py/));
    renameSync(desk.at('outside/zeppelin.py'), desk.at('outside/airship.py'));
    await window.ask(query, (rows) => isIn(/airship\.py/)(rows) && isNotIn(/zeppelin\.py/)(rows));
    rmSync(desk.at('outside/airship.py'));
    await window.ask(query, isNotIn(/airship\.py/));
  });
});

test('unsaved text is searched, and a save is too', async () => {
  const root = desk.corpus('typing');
  desk.write('typing/notes.md', '# Notes\n\nNothing yet.\n');
  await inWindow({ workspace: root }, async (window) => {
    await window.indexed();
    await window.openFile('notes.md');
    await window.press('Control+End');
    await window.type('The pelican timetable leaves at noon.');
    await window.ask('pelican timetable', (rows) => /notes\.md/.test(rows[0] ?? ''));
    await window.press('Control+s');
    await window.ask('pelican timetable', (rows) => /notes\.md/.test(rows[0] ?? ''));
  });
});

test('two folders are searched as one; what is excluded is not shown', async () => {
  const first = desk.corpus('first');
  desk.write(
    'second/kiln.py',
    'def fire_kiln(pots):\n    """Bakes pottery in the kiln until it is hard."""\n    return [pot.bake() for pot in pots]\n',
  );
  desk.write(
    'second/hidden/kiln_secret.py',
    'def kiln_secret():\n    """The secret of baking pottery in the kiln."""\n    return 42\n',
  );
  const workspace = desk.write(
    'both.code-workspace',
    JSON.stringify({ folders: [{ path: first }, { path: desk.at('second') }] }),
  );
  await inWindow({ workspace, settings: { 'files.exclude': { '**/hidden': true } } }, async (window) => {
    await window.indexed();
    await window.ask('bake pottery', (rows) => isIn(/kiln\.py/)(rows) && isNotIn(/kiln_secret/)(rows));
    await window.ask('append to the write ahead log', isIn(/wal\.c/));
  });
});

test('turned off means no process and no status', async () => {
  const root = desk.corpus('off');
  await inWindow({ workspace: root, settings: { 'neosearch.enable': false } }, async (window) => {
    await wait(3000);
    assert.equal(await window.status(), undefined);
    assert.deepEqual(engines(window), []);
  });
});

test('nothing is indexed before the workspace is trusted', async () => {
  const root = desk.corpus('untrusted');
  const settings = { 'security.workspace.trust.startupPrompt': 'never' };
  await inWindow({ workspace: root, trust: true, settings }, async (window) => {
    await window.until('that it waits for trust', async () =>
      /not trusted/.test((await window.status()) ?? ''),
    );
    assert.deepEqual(engines(window), []);
  });
});

test('a killed engine comes back and goes on', async () => {
  const root = desk.corpus('killed');
  await inWindow({ workspace: root }, async (window) => {
    const [pid] = await window.until('an engine', () => Promise.resolve(some(engines(window))));
    assert.ok(pid !== undefined);
    process.kill(pid, 'SIGKILL');
    await window.until('another engine', () =>
      Promise.resolve(some(engines(window).filter((other) => other !== pid))),
    );
    await window.indexed();
    await window.ask('append to the write ahead log', isIn(/wal\.c/));
  });
});

test('two windows on one folder: both search, and what changes reaches both', async () => {
  const root = desk.corpus('shared');
  const home = desk.at('home');
  await inWindow({ workspace: root, home }, async (first) => {
    await first.indexed();
    await inWindow({ workspace: root, home }, async (second) => {
      await second.ask('append to the write ahead log', isIn(/wal\.c/));
      writeFileSync(
        desk.at('shared/walrus.py'),
        'def feed_walrus(fish):\n    """Feeds the walrus with herring."""\n    return fish\n',
      );
      await first.ask('feed the walrus herring', isIn(/walrus\.py/));
      await second.ask('feed the walrus herring', isIn(/walrus\.py/));
    });
  });
});

function some(pids: readonly number[]): readonly number[] | undefined {
  return pids.length > 0 ? pids : undefined;
}
