/** Whether an index changed: views that show answers ask again when it did. */
import type { WireRootStatus } from '../protocol/messages';

/** What of a root's status decides whether an answer of before still holds. */
export function indexSignature(root: WireRootStatus | undefined): string {
  if (root === undefined) return '';
  return [root.state, root.files, root.chunks, root.pending, root.revision ?? 0].join(' ');
}
