/** What of one root may answer a question: filters, kind, tests, hidden files, and documents with unsaved text. */
import { isProse } from '../../core/corpus/language';
import { filtersNothing, type Filters } from '../../core/query/query';
import type { WireKind } from '../../protocol/messages';
import type { Store } from '../index/store';
import { type Allowed, chunksOf } from './retrieve';

/** What a question asks for; the same for every root. */
export interface Scope {
  readonly filters: Filters;
  readonly kind: WireKind;
  readonly includeTests: boolean;
}

/** A document as far as a scope looks at it. */
export interface ScopedDocument {
  readonly path: string;
  readonly language: string;
  readonly classes: readonly string[];
}

/** Whether a document lies in a scope. */
export function inScope({ filters, kind, includeTests }: Scope, document: ScopedDocument): boolean {
  if (!includeTests && document.classes.includes('test')) return false;
  if (kind !== 'all' && isProse(document.language) !== (kind === 'docs')) return false;
  return filters.paths.allows(document.path) && filters.languages.allows(document.language);
}

interface Remembered {
  readonly revision: number;
  readonly isShown: ((path: string) => boolean) | undefined;
  readonly allowed: Allowed;
}

/** Scopes kept for each index: a filter stays on while the user types. */
const KEPT = 4;

const memory = new WeakMap<Store, Map<string, Remembered>>();

/**
 * The chunks of an index that a scope leaves; undefined where it leaves all. Kept until the index changes.
 * @param isShown documents that may appear; without, all
 */
export function allowedIn(
  store: Store,
  scope: Scope,
  isShown?: (path: string) => boolean,
): Allowed | undefined {
  const { filters, kind, includeTests } = scope;
  if (filtersNothing(filters) && kind === 'all' && includeTests && isShown === undefined) return undefined;
  const key = JSON.stringify([filters.key, kind, includeTests]);
  const revision = store.revision();
  let kept = memory.get(store);
  if (kept === undefined) memory.set(store, (kept = new Map<string, Remembered>()));
  const known = kept.get(key);
  if (known?.revision === revision && known.isShown === isShown) return known.allowed;
  const allowed = chunksOf(
    store,
    (document) => inScope(scope, document) && isShown?.(document.path) !== false,
    filters.phrases,
  );
  kept.delete(key);
  kept.set(key, { revision, isShown, allowed });
  for (const oldest of kept.keys()) {
    if (kept.size <= KEPT) break;
    kept.delete(oldest);
  }
  return allowed;
}

/** The same without some chunks. */
export function except(allowed: Allowed | undefined, chunks: ReadonlySet<number>): Allowed | undefined {
  if (chunks.size === 0) return allowed;
  return {
    chunks: { has: (id) => !chunks.has(id) && allowed?.chunks.has(id) !== false },
    // A vector may belong to other chunks as well; those that do not pass are dropped with their ids.
    embeddings: allowed?.embeddings ?? { has: () => true },
  };
}
