/** What differs between a folder and its index: the crawl compared with what the store knows. */
import { crawl, type CrawledFile } from '../crawl/crawl';
import type { DocumentState, SkippedFile } from '../index/documents';
import { Gone } from './gone';
import type { Tally } from './tally';
import type { Workshop } from './update';

export interface Difference {
  /** Files that are new, or whose size or time is another, with what the index has of them. */
  readonly changed: readonly { readonly file: CrawledFile; readonly known: DocumentState | undefined }[];
  /** Documents whose files are gone. */
  readonly gone: Gone;
  readonly skipped: SkippedFile[];
}

/** Entries of the crawl between which others get their turn. */
const TURN = 64;

/**
 * Crawls the root and compares sizes and times; reads no file.
 * @param between called again and again meanwhile
 * @returns undefined when `between` says that it is to stop
 */
export async function compare(
  shop: Workshop,
  tally: Tally,
  signal: AbortSignal,
  between: () => Promise<boolean>,
): Promise<Difference | undefined> {
  const states = shop.store.documents.states();
  const leftOut = new Map(shop.store.documents.skipped().map((file) => [file.path, file]));
  const changed: { file: CrawledFile; known: DocumentState | undefined }[] = [];
  const skipped: SkippedFile[] = [];
  let entries = 0;
  for await (const entry of crawl(shop.root, { ...shop.crawl, signal })) {
    entries += 1;
    if (entries % TURN === 0 && !(await between())) return undefined;
    if (entry.type === 'skipped') {
      skipped.push({ path: entry.path, reason: entry.reason });
      continue;
    }
    tally.found();
    const known = states.get(entry.path);
    states.delete(entry.path);
    const rejected = known === undefined && !entry.wanted ? leftOut.get(entry.path) : undefined;
    if (isUnchanged(known, entry)) {
      tally.passed();
    } else if (rejected?.read !== undefined && isSame(rejected.read, entry)) {
      skipped.push(rejected);
      tally.passed();
    } else {
      changed.push({ file: entry, known });
    }
  }
  return { changed, skipped, gone: new Gone([...states].map(([path, { hash }]) => [path, hash])) };
}

/** Whether the index has the file as it is. */
export function isUnchanged(known: DocumentState | undefined, file: CrawledFile): boolean {
  return known?.current === true && isSame(known, file);
}

function isSame(known: { readonly size: number; readonly mtime: number }, file: CrawledFile): boolean {
  return known.size === file.size && known.mtime === file.mtimeMs;
}
