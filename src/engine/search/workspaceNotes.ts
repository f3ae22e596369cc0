/** What somebody who asks an index that is not complete should know. */
import type { WorkspaceRoot } from './workspace';

/** One sentence for each root that is still being indexed. */
export function indexingNotes(roots: readonly WorkspaceRoot[]): string[] {
  return roots.flatMap(({ name, indexing }) => {
    if (indexing === undefined) return [];
    const { filesDone, filesTotal, pending } = indexing;
    const what = roots.length > 1 ? `${name} is` : 'The workspace is';
    if (filesDone < filesTotal) {
      return [`${what} still being indexed: ${filesDone} of ${filesTotal} files so far.`];
    }
    return pending > 0
      ? [`${what} still being indexed: ${pending} chunks are found by their words only so far.`]
      : [];
  });
}

/** One sentence for each root whose vectors another encoder made: they cannot be compared with a query's. */
export function encoderNotes(roots: readonly WorkspaceRoot[], encoder: string): string[] {
  return roots.flatMap(({ name, store }) =>
    store.encoder === undefined || store.encoder.id === encoder
      ? []
      : [`${name} was indexed with another model: it is searched by words only until it is indexed again.`],
  );
}
