/** The package that people install, in a real window, in place of the sources. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { engines } from './processes';
import { Desk, VsCodeWindow } from './vscode';

const desk = new Desk();
let window: VsCodeWindow;

before(async () => {
  const out = desk.at('package');
  execFileSync(process.execPath, [
    path.resolve('scripts/package.mjs'),
    '--dist',
    path.resolve('dist'),
    '--out',
    out,
  ]);
  const [vsix = ''] = readdirSync(out);
  window = await VsCodeWindow.open(desk, { workspace: desk.corpus('corpus'), vsix: path.join(out, vsix) });
});

after(async () => {
  await window.close();
  desk.clear();
});

test('the installed package indexes and finds, in palette and panel', async () => {
  await window.indexed();
  await window.ask('append to the write ahead log', (rows) => rows.some((row) => /wal\.c/.test(row)));
  await window.command('Neosearch: Open Search Panel');
  const frame = await window.panel();
  await window.until('the box with the focus', () =>
    frame.evaluate(`document.activeElement?.id === 'query'`),
  );
  await window.press('Control+a');
  await window.type('send a failed request again');
  await window.until('a hit', async () =>
    /retry\.ts/.test((await frame.locator('.hit').first().getAttribute('aria-label')) ?? ''),
  );
});

test('it is the package that runs, not the sources', async () => {
  assert.doesNotMatch(await window.page.title(), /Extension Development Host/);
  assert.equal(engines(window).length, 1);
});
