// The README as a package carries it, where no file of the repository lies beside it.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

const LINK = /(!?)\[([^\][]*)\]\(([^)\s]+)\)/g;
const TYPES = { '.png': 'image/png', '.jpg': 'image/jpeg', '.gif': 'image/gif' };

/**
 * With base URLs, relative links and images point there. Without them, images are put into the text itself, which
 * VS Code shows, and relative links become plain text.
 * @param {string} markdown
 * @param {{root: string, base?: {links: string, images: string}}} options `base`: where the repository's files
 * can be read, `https:`
 */
export function forMarketplace(markdown, { root, base }) {
  return markdown.replace(LINK, (all, image, text, link) => {
    if (/^(\w+:|#)/.test(link)) return all;
    const file = path.join(root, link.replace(/#.*/, ''));
    if (!existsSync(file)) throw new Error(`The README names ${link}, which is missing.`);
    if (base !== undefined) {
      return `${image}[${text}](${new URL(link, withSlash(image === '' ? base.links : base.images)).href})`;
    }
    return image === '' ? text : `![${text}](${asData(file)})`;
  });
}

function withSlash(url) {
  if (!url.startsWith('https://')) throw new Error(`A base URL must start with https://, and is "${url}".`);
  return url.endsWith('/') ? url : `${url}/`;
}

function asData(file) {
  const type = TYPES[path.extname(file).toLowerCase()];
  if (type === undefined) throw new Error(`${file}: an image of the README must be PNG, JPEG or GIF.`);
  return `data:${type};base64,${readFileSync(file).toString('base64')}`;
}
