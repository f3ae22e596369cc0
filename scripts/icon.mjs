// Draws media/icon.png, the extension's icon, from media/icon.svg, in a headless Chromium.
// `node scripts/icon.mjs`; CHROMIUM names the browser where it is not /usr/bin/chromium.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { root } from './setup.mjs';

/** Pixels; the marketplace asks for 128 at least, and shows it on screens of twice that density. */
const SIZE = 256;

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu'],
});
try {
  const page = await browser.newPage({ viewport: { width: SIZE, height: SIZE } });
  const drawing = readFileSync(path.join(root, 'media/icon.svg'), 'utf8');
  await page.setContent(
    `<style>body { margin: 0 } svg { display: block; width: ${SIZE}px; height: ${SIZE}px }</style>${drawing}`,
  );
  await page.screenshot({ path: path.join(root, 'media/icon.png'), omitBackground: true });
} finally {
  await browser.close();
}
