/**
 * The pictures of the README, taken from a real window on this repository's own sources, dark and light.
 *
 *   node scripts/screenshots.mjs
 */
import { cpSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Desk, VsCodeWindow } from '../extension/vscode';

const PICTURES = path.join(process.cwd(), 'media/screenshots');
const THEMES = { dark: 'Default Dark Modern', light: 'Default Light Modern' } as const;
const SIZE = { width: 1280, height: 800 };
const SIDE_BAR_WIDTH = 470;
/** Milliseconds until what was asked for stands still. */
const SETTLED = 1500;

async function take(window: VsCodeWindow, tone: string): Promise<void> {
  const { page } = window;
  const shot = async (name: string, pointsAtSomething = false): Promise<void> => {
    if (!pointsAtSomething) await lookAway(window);
    await wait(SETTLED);
    await window.screenshot(path.join(PICTURES, `${name}-${tone}.png`));
  };
  await window.indexed();
  await window.command('Notifications: Clear All Notifications');

  await window.command('Neosearch: Open Search Panel');
  const frame = await window.panel();
  await widen(window);
  await toggle(window, /Related Files/, false);
  await wait(SETTLED);
  await window.command('Neosearch: Open Search Panel');
  await wait(SETTLED);
  await window.press('Control+a');
  await window.type('start the process again after a crash');
  await window.until('hits', async () => (await frame.locator('.hit').count()) > 3);
  await wait(SETTLED);
  await window.press('ArrowDown');
  await frame.evaluate('document.fonts.ready.then(() => undefined)');
  await shot('panel');

  await window.openFile('src/engine/index/writerLock.ts');
  await toggle(window, /^Search/, false);
  await toggle(window, /Related Files/, true);
  await window.command('Neosearch: Show Related Files');
  await wait(SETTLED);
  await window.press('ArrowRight');
  await shot('related');

  await toggle(window, /^Search/, true);
  await toggle(window, /Related Files/, false);
  await window.openFile('src/core/rank/rank.ts');
  await window.command('Neosearch: Find Similar Code');
  await window.until('similar code', async () => {
    const shown = await window.panel();
    return (await shown.getByText(/^Similar to/).count()) > 0 && (await shown.locator('.hit').count()) > 0;
  });
  await shot('similar');

  await window.command('Neosearch: Find Duplicates in Workspace');
  await window.until('duplicates', async () => (await page.getByText(/places · /).count()) > 0);
  await shot('duplicates');
  await window.command('Neosearch: Close Duplicates');

  await window.command('View: Show Explorer');
  await window.command('Neosearch: Search by Meaning');
  await page.locator('.quick-input-widget input').first().fill('only one process may write the index');
  await window.until('an answer', async () => (await window.rows()).length > 5);
  await wait(SETTLED);
  await window.press('ArrowDown');
  await shot('palette');
  await window.press('Escape');

  const item = page.locator('.statusbar-item', { hasText: 'Neosearch' }).first();
  await item.hover();
  await shot('status', true);
  await item.click();
  await shot('menu');
  await window.press('Escape');
}

/** Drags the side bar's border. */
async function widen(window: VsCodeWindow): Promise<void> {
  const { page } = window;
  const box = await page.locator('.part.sidebar').boundingBox();
  if (box === null) throw new Error('There is no side bar.');
  const y = box.y + box.height / 2;
  await page.mouse.move(box.x + box.width + 1, y);
  await wait(400);
  await page.mouse.down();
  await page.mouse.move(box.x + SIDE_BAR_WIDTH, y, { steps: 10 });
  await page.mouse.up();
  await lookAway(window);
}

/** The pointer onto the title bar, where nothing answers to it. */
async function lookAway({ page }: VsCodeWindow): Promise<void> {
  await page.mouse.move(SIZE.width / 2 + 250, 12);
}

/** Opens or closes a view of the side bar. */
async function toggle({ page }: VsCodeWindow, name: RegExp, open: boolean): Promise<void> {
  const header = page.locator('.part.sidebar .pane-header').filter({ hasText: name }).first();
  if ((await header.getAttribute('aria-expanded')) !== String(open)) await header.locator('.title').click();
}

async function main(): Promise<void> {
  mkdirSync(PICTURES, { recursive: true });
  const desk = new Desk();
  try {
    const workspace = desk.at('neosearch');
    for (const part of ['src', 'docs', 'README.md', 'CHANGELOG.md', 'package.json', 'tsconfig.base.json'])
      cpSync(part, path.join(workspace, part), { recursive: true });
    for (const [tone, theme] of Object.entries(THEMES)) {
      const window = await VsCodeWindow.open(desk, {
        workspace,
        home: desk.at('home'),
        settings: {
          'workbench.colorTheme': theme,
          'editor.minimap.enabled': false,
          'problems.decorations.enabled': false,
          'typescript.validate.enable': false,
        },
        size: SIZE,
      });
      try {
        await take(window, tone);
      } finally {
        await window.close();
      }
    }
  } finally {
    desk.clear();
  }
}

void main();
