/** Folders to crawl, made for one test each. */
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { crawl, type CrawlEntry, type CrawlOptions } from '../../src/engine/crawl/crawl';

/** Files by their paths: text, or bytes. */
export type Tree = Readonly<Record<string, string | Uint8Array>>;

/** Runs a test in a new folder that holds a tree, and removes it. A path ending in `/` is an empty folder. */
export async function withFolder(tree: Tree, test: (folder: string) => Promise<void>): Promise<void> {
  const folder = await realpath(await mkdtemp(path.join(os.tmpdir(), 'neosearch-crawl-')));
  try {
    await write(folder, tree);
    await test(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export async function write(folder: string, tree: Tree): Promise<void> {
  for (const [name, content] of Object.entries(tree)) {
    const file = path.join(folder, name);
    await mkdir(name.endsWith('/') ? file : path.dirname(file), { recursive: true });
    if (!name.endsWith('/')) await writeFile(file, content);
  }
}

/** Crawls without the settings of whoever runs the tests. */
export async function entriesOf(root: string, options: CrawlOptions = {}): Promise<CrawlEntry[]> {
  const entries: CrawlEntry[] = [];
  for await (const entry of crawl(root, { environment: noSettings, ...options })) entries.push(entry);
  return entries;
}

/** Paths of the files that a crawl takes. */
export async function filesOf(root: string, options: CrawlOptions = {}): Promise<string[]> {
  return (await entriesOf(root, options)).filter((entry) => entry.type === 'file').map((entry) => entry.path);
}

/** What a crawl leaves out, and why. */
export async function skippedOf(root: string, options: CrawlOptions = {}): Promise<Record<string, string>> {
  const skipped = (await entriesOf(root, options)).filter((entry) => entry.type === 'skipped');
  return Object.fromEntries(skipped.map((entry) => [entry.path, entry.reason]));
}

/** An environment in which git has no settings. */
export const noSettings = { GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '', HOME: '' };
