/** Search in a real window: the panel and the palette, by keyboard. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { Desk, VsCodeWindow } from './vscode';

const desk = new Desk();
let window: VsCodeWindow;

before(async () => {
  window = await VsCodeWindow.open(desk, { workspace: desk.corpus('corpus') });
  await window.indexed();
});

after(async () => {
  await window.close();
  desk.clear();
});

/** Labels of the panel's hits, in order. */
async function hits(): Promise<string[]> {
  const frame = await window.panel();
  return frame.locator('.hit').evaluateAll((rows) => rows.map((row) => row.getAttribute('aria-label') ?? ''));
}

async function panelFinds(place: RegExp): Promise<readonly string[]> {
  return window.until(`a hit in ${place.source}`, async () => {
    const found = await hits();
    return place.test(found[0] ?? '') && found;
  });
}

test('the panel answers while one types, and arrow keys preview', async () => {
  await window.command('Neosearch: Open Search Panel');
  await window.panel();
  await wait(300);
  await window.type('send a failed request again');
  await panelFinds(/src\/http\/retry\.ts/);

  await window.press('ArrowDown');
  await window.until('the preview', async () => (await window.activeFile()) === 'retry.ts');
  assert.equal(
    await window.page.locator('.tab.active.preview, .tab.active .italic, .tab.active em').count(),
    1,
  );
  // The focus stays in the list.
  const frame = await window.panel();
  assert.equal(await frame.locator('.hit:focus').count(), 1);
});

test('Enter opens at the lines of the hit', async () => {
  const frame = await window.panel();
  const label = (await frame.locator('.hit:focus').getAttribute('aria-label')) ?? '';
  const [, , endLine] = /lines (\d+) to (\d+)/.exec(label) ?? [];
  await window.press('Enter');
  await window.until('the editor with the focus', async () => (await window.line()) === Number(endLine));
  assert.equal(await window.activeFile(), 'retry.ts');
});

test('one key goes from the box to the results, and one back', async () => {
  await window.command('Neosearch: Open Search Panel');
  const frame = await window.panel();
  const isInBox = (): Promise<boolean> => frame.evaluate(`document.activeElement?.id === 'query'`);
  await window.until('the box with the focus', isInBox);
  await window.press('ArrowDown');
  await window.until(
    'the list with the focus',
    async () => (await frame.locator('.hit:focus').count()) === 1,
  );
  await window.press('Escape');
  await window.until('the box with the focus again', isInBox);
});

test('filters narrow the answer, and why a hit is there can be seen', async () => {
  const frame = await window.panel();
  await window.press('Control+a');
  await window.type('retry path:docs');
  await window.until('docs only', async () => {
    const found = await hits();
    return found.length > 0 && found.every((label) => / docs\//.test(label));
  });
  await frame.locator('.hit').first().hover();
  await frame.locator('.hit').first().locator('vscode-toolbar-button').last().click();
  assert.match((await frame.locator('.reasons').first().textContent()) ?? '', /meaning|words/);
});

test('a wrong filter is said in the panel', async () => {
  const frame = await window.panel();
  await window.command('Neosearch: Open Search Panel');
  await wait(300);
  await window.press('Control+a');
  await window.type('retry lang:klingon');
  await window.until('the error', async () =>
    /klingon/.test((await frame.locator('.failure').textContent()) ?? ''),
  );
});

test('the query is there again, selected, after the panel was hidden and after a reload', async () => {
  await window.command('Neosearch: Open Search Panel');
  await wait(300);
  await window.press('Control+a');
  await window.type('append to the write ahead log');
  await panelFinds(/storage\/wal\.c/);
  await window.command('View: Show Explorer');
  await window.command('Neosearch: Open Search Panel');
  await panelFinds(/storage\/wal\.c/);

  await wait(1000);
  await window.page.reload();
  await window.page.waitForSelector('.monaco-workbench .statusbar', { timeout: 60_000 });
  await window.indexed();
  await window.command('Neosearch: Open Search Panel');
  await panelFinds(/storage\/wal\.c/);
  // What is typed replaces what is selected.
  await wait(400);
  await window.type('verify a password');
  await panelFinds(/password/);
  const box = (await window.panel()).locator('#query');
  const value = await box.evaluate((field: unknown) => (field as { value: string }).value);
  assert.equal(value, 'verify a password');
});

test('the palette shows the answer in our order and previews; Esc goes back', async () => {
  await window.command('View: Close All Editors');
  await window.command('Neosearch: Search by Meaning');
  const input = window.page.locator('.quick-input-widget input').first();
  await input.fill('limit how fast clients may call');
  const rows = await window.until('an answer', async () => {
    const seen = await window.rows();
    return seen.some((row) => /ratelimit|client/.test(row)) && seen;
  });
  assert.ok(rows.length > 3);
  await window.press('ArrowDown');
  await window.until('a preview', async () => (await window.activeFile()) !== undefined);
  await window.press('Escape');
  await window.until('no editor, as before', async () => (await window.activeFile()) === undefined);
  assert.equal(await window.page.locator('.tabs-container .tab').count(), 0);
});
