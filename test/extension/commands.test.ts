/** What the extension adds to the editor: its start, and every command of the palette with what it does. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { engines, extensionHosts, nativeModules } from './processes';
import { Desk, VsCodeWindow } from './vscode';

interface Manifest {
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly title: string }[];
    readonly menus: {
      readonly commandPalette: readonly { readonly command: string; readonly when: string }[];
    };
  };
}

const read = (file: string): unknown => JSON.parse(readFileSync(path.resolve(file), 'utf8'));
const manifest = read('package.json') as Manifest;
const texts = read('package.nls.json') as Readonly<Record<string, string>>;

const desk = new Desk();
let window: VsCodeWindow;
let home: string;

before(async () => {
  home = desk.at('home');
  window = await VsCodeWindow.open(desk, { workspace: desk.corpus('corpus'), home });
  await window.indexed();
});

after(async () => {
  await window.close();
  desk.clear();
});

const statusIs = (status: RegExp): Promise<unknown> =>
  window.until(`the status ${status.source}`, async () => status.test((await window.status()) ?? ''), 60_000);

const seen = (selector: string, text: RegExp): Promise<unknown> =>
  window.until(`${text.source} in ${selector}`, async () =>
    (await window.page.locator(selector).allTextContents()).some((content) => text.test(content)),
  );

/** Titles of the commands that the palette offers, those apart that wait for a list of duplicates or a pause. */
function offered(): string[] {
  const hidden = new Set(
    manifest.contributes.menus.commandPalette
      .filter(({ when }) => when === 'false' || /hasDuplicates|(?<!!)neosearch\.paused/.test(when))
      .map(({ command }) => command),
  );
  return manifest.contributes.commands
    .filter(({ command }) => !hidden.has(command))
    .map(({ title }) => texts[title.slice(1, -1)] ?? title);
}

test('the extension host loads no native code of ours', { skip: process.platform !== 'linux' }, () => {
  const hosts = extensionHosts(window);
  assert.ok(hosts.length > 0, 'no extension host found');
  for (const pid of hosts) {
    assert.deepEqual(
      nativeModules(pid).filter((file) => /onnxruntime|hnswlib/.test(file)),
      [],
    );
  }
});

test('the palette offers every command that applies, and the log tells the activation time', async (t) => {
  const input = window.page.locator('.quick-input-widget input').first();
  for (const title of offered()) {
    await window.press('F1');
    await input.fill(`>Neosearch: ${title}`);
    await window.until(`"${title}" in the palette`, async () =>
      (await window.rows()).some((row) => row.includes(`Neosearch: ${title}`)),
    );
  }
  await window.press('Escape', 'Escape');
  const log = logText(window.data);
  assert.match(log, /activated in [\d.]+ ms/);
  t.diagnostic(/activated in [\d.]+ ms/.exec(log)?.[0] ?? '');
});

test('Pause and Resume Indexing', async () => {
  await window.command('Neosearch: Pause Indexing');
  await statusIs(/paused/);
  await window.command('Neosearch: Resume Indexing');
  await statusIs(/ready/);
});

test('Rebuild Index ends with all of it there again', async () => {
  const encodings = (): number => logText(window.data).match(/chunks encoded/g)?.length ?? 0;
  const before = encodings();
  await window.command('Neosearch: Rebuild Index');
  await window.until('another encoding', () => Promise.resolve(encodings() > before));
  await window.indexed();
  await window.ask('append to the write ahead log', (rows) => rows.some((row) => /wal\.c/.test(row)));
});

test('Restart Engine: another process', async () => {
  const [before] = engines(window);
  await window.command('Neosearch: Restart Engine');
  await window.until('another engine, alone', () => {
    const pids = engines(window);
    return Promise.resolve(pids.length === 1 && pids[0] !== before);
  });
  await window.indexed();
});

test('Show Index Status, Show Log, Open Walkthrough, Select Model, the status menu', async () => {
  await window.command('Neosearch: Show Index Status');
  await seen('.tab.active', /Index Status/);
  await window.command('Neosearch: Show Log');
  await seen('.part.panel .output-view-container, .part.panel .pane-body', /activated\sin/);
  await window.command('View: Hide Panel');
  await window.command('Neosearch: Open Walkthrough');
  await seen('.gettingStartedContainer', /Neosearch/);
  await window.command('View: Close All Editors');
  await window.command('Neosearch: Select Model');
  await seen('.quick-input-list .monaco-list-row', /comes with Neosearch/);
  await window.press('Escape');
  await window.page.locator('.statusbar-item', { hasText: 'Neosearch' }).first().click();
  await seen('.quick-input-list .monaco-list-row', /Pause Indexing/);
  await window.press('Escape');
});

test('the hover of the status bar item tells files, chunks and encoder', async () => {
  await window.page.locator('.statusbar-item', { hasText: 'Neosearch' }).first().hover();
  await seen('.workbench-hover', /files[\s\S]*chunks/i);
  await window.page.mouse.move(400, 300);
});

test('Copy as Reference tells what it copied', async () => {
  await window.openFile('src/http/retry.ts');
  await window.press('Control+Home', 'Shift+ArrowDown', 'Shift+ArrowDown');
  await window.command('Neosearch: Copy as Reference');
  await seen('.statusbar-item', /Copied src\/http\/retry\.ts#L1-L2/);
  await window.command('View: Close All Editors');
});

test('Open Search Panel in an Editor Tab, and Clear Search History', async () => {
  await window.command('Neosearch: Open Search Panel in an Editor Tab');
  await seen('.tab.active', /Neosearch|Search/);
  await window.panel();
  await window.command('View: Close All Editors');
  await window.command('Neosearch: Clear Search History');
  await window.command('Neosearch: Search by Meaning');
  const input = window.page.locator('.quick-input-widget input').first();
  assert.equal(await input.inputValue(), '');
  await window.press('Escape');
});

test('Delete Index asks first, removes the files, and Rebuild brings them back', async () => {
  await window.command('Neosearch: Delete Index');
  await window.page.locator('.monaco-dialog-box').getByText('Delete', { exact: true }).click();
  await statusIs(/no index/);
  await window.until('an empty folder of indexes', () => Promise.resolve(databases(home).length === 0));
  await wait(500);
  await window.command('Neosearch: Rebuild Index');
  await window.indexed();
  assert.ok(databases(home).length > 0);
});

function databases(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder, { recursive: true }).map(String).filter(isDatabase) : [];
}

function isDatabase(file: string): boolean {
  return /\.(db|sqlite\d?)$/.test(file);
}

/** Text of our log, wherever this editor keeps its logs. */
function logText(data: string): string {
  return readdirSync(data, { recursive: true })
    .map(String)
    .filter((file) => /Neosearch\.log$/.test(file))
    .map((file) => readFileSync(path.join(data, file), 'utf8'))
    .join('\n');
}
