/** Related files, similar code and duplicates in a real window. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Desk, VsCodeWindow } from './vscode';

const desk = new Desk();
let window: VsCodeWindow;

before(async () => {
  const root = desk.corpus('corpus');
  const copied = [
    'def wrap_lines(text, width):',
    '    """Breaks a text into lines of at most `width` characters, at spaces."""',
    '    lines, line = [], ""',
    '    for word in text.split():',
    '        if line and len(line) + 1 + len(word) > width:',
    '            lines.append(line)',
    '            line = word',
    '        else:',
    '            line = f"{line} {word}".strip()',
    '    return lines + [line]',
    '',
  ].join('\n');
  desk.write('corpus/report/wrap.py', copied);
  desk.write('corpus/letters/wrap.py', copied);
  window = await VsCodeWindow.open(desk, { workspace: root });
  await window.indexed();
});

after(async () => {
  await window.close();
  desk.clear();
});

/** Labels of a tree's rows. */
async function rows(): Promise<string[]> {
  return window.page
    .locator('.sidebar .monaco-list-row')
    .evaluateAll((all) => all.map((row) => row.getAttribute('aria-label') ?? row.textContent));
}

test('related files follow the active editor', async () => {
  await window.openFile('src/http/retry.ts');
  await window.command('Neosearch: Show Related Files');
  await window.until('its companions', async () => (await rows()).some((row) => /client\.ts/.test(row)));
  await window.openFile('storage/wal.c');
  await window.until('those of the next', async () =>
    (await rows()).some((row) => /lru\.rs|storage/.test(row)),
  );
});

test('similar code leaves the place itself out and folds copies', async () => {
  await window.openFile('report/wrap.py');
  await window.command('Neosearch: Find Similar Code');
  const frame = await window.panel();
  const labels = await window.until('the other place', async () => {
    const found = await frame
      .locator('.hit')
      .evaluateAll((all) => all.map((row) => row.getAttribute('aria-label') ?? ''));
    return found.some((label) => /letters\/wrap\.py/.test(label)) && found;
  });
  assert.match(labels[0] ?? '', /letters\/wrap\.py/);
  assert.ok(labels.every((label) => !/report\/wrap\.py/.test(label)));
});

test('duplicates of the workspace are clusters, the identical ones told', async () => {
  await window.command('Neosearch: Find Duplicates in Workspace');
  const cluster = await window.until('the cluster', async () =>
    (await rows()).find((row) => /identical/.test(row)),
  );
  assert.match(cluster, /10 lines could go · identical · 2 places[\s\S]*letters\/wrap\.py#L1-L10/);
});

test('Close Duplicates takes the list away', async () => {
  await window.command('Neosearch: Close Duplicates');
  await window.until('no list', async () => !(await rows()).some((row) => /identical/.test(row)));
});

test('pinned related files stay when another editor is active', async () => {
  await window.openFile('src/http/retry.ts');
  await window.command('Neosearch: Show Related Files');
  const header = window.page.locator('.sidebar .pane-header', { hasText: 'Related Files' }).first();
  const subject = async (): Promise<string> => (await header.textContent()) ?? '';
  await window.until('retry.ts as the subject', async () => /retry\.ts/.test(await subject()));
  await header.hover();
  await header.getByRole('button', { name: /^Pin/ }).click();
  await window.until('a pinned view', async () => {
    await header.hover();
    return (await header.getByRole('button', { name: /^Follow/ }).count()) > 0;
  });
  await window.openFile('storage/wal.c');
  assert.match(await subject(), /retry\.ts/);
  await header.hover();
  await header.getByRole('button', { name: /^Follow/ }).click();
  await window.until('the active file as the subject', async () => /wal\.c/.test(await subject()));
});
