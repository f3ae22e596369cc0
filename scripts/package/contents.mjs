// What stands in a package: every file, and where it comes from. Nothing gets in that is not named here.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { notices } from '../notices.mjs';
import { manifest } from './manifest.mjs';
import { forMarketplace } from './readme.mjs';
import { nativeFiles } from './targets.mjs';

/**
 * The modules that are not bundled lie inside dist/: every script of the product is there, so each finds them,
 * and the packer, which leaves out a node_modules at the top, takes them along.
 */
export const MODULES = 'dist/node_modules';

/**
 * @param {{root: string, dist: string, target: string, base?: {links: string, images: string}}} options `dist`: the
 * folder of a build; `base`: as in readme.mjs
 * @returns {Map<string, {file: string} | {text: string}>} by path in the package, with forward slashes
 */
export function contentsOf({ root, dist, target, base }) {
  const contents = new Map();
  const copy = (name, from = path.join(root, name)) => contents.set(name, { file: from });
  const write = (name, text) => contents.set(name, { text });

  write('package.json', manifest(readFileSync(path.join(root, 'package.json'), 'utf8')));
  for (const name of readdirSync(root)) if (/^package\.nls(\..+)?\.json$/.test(name)) copy(name);
  for (const name of ['README.md', 'CHANGELOG.md'])
    write(name, forMarketplace(readFileSync(path.join(root, name), 'utf8'), { root, base }));
  copy('LICENSE');
  write('THIRD_PARTY_NOTICES.md', notices({ root, dist, target }));

  for (const name of filesUnder(path.join(root, 'l10n'))) copy(`l10n/${name}`);
  for (const name of filesUnder(dist)) {
    if (isProduct(name)) copy(`dist/${name}`, path.join(dist, name));
  }
  for (const name of filesUnder(path.join(root, 'media'))) {
    if (isShownOrRun(name)) copy(`media/${name}`);
  }
  for (const { to, from } of nativeFiles(target, path.join(root, 'node_modules'))) {
    copy(`${MODULES}/${to}`, from);
  }
  return new Map([...contents].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Not source maps, nor stamps of the build (`.built`), nor modules that lie there from elsewhere. */
function isProduct(name) {
  return !name.endsWith('.map') && !/(^|\/)\./.test(name) && !name.startsWith('node_modules/');
}

/** The model, the walkthrough and the icons; not the README's screenshots, nor the drawing of the icon. */
function isShownOrRun(name) {
  return name !== 'icon.svg' && !name.startsWith('screenshots/');
}

/** Relative paths with forward slashes; none where there is no such folder. */
function filesUnder(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath ?? entry.path, entry.name)))
    .map((name) => name.split(path.sep).join('/'));
}
