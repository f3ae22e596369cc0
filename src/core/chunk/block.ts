/**
 * A part of a document that is best kept together: a function with its comment, a section, a paragraph. What
 * chunks are made of: blocks that are too long are cut into their parts, small ones beside each other merged.
 */
import type { Definition, Span } from '../corpus/document';

export interface Block extends Span {
  /** Enclosing names, outermost first; the block's own name, if it has a single one, last. */
  readonly path: readonly string[];
  /** Names that it defines, with those of its members if it is a container. */
  readonly definitions: readonly Definition[];
  /** What a split of it gives:
   * - `members`: things of their own (a class, a section, a file), merged while they are small;
   * - `rest`: pieces of one thing (a function, a table), as few as there can be.
   */
  readonly holds: 'members' | 'rest';
  /** Whether it is the whole of something that has a name. */
  readonly isDefinition: boolean;
  /** Opens the document without being its matter: licence, imports. */
  readonly preamble: boolean;
  /** Blocks that tile it, in order; none when nothing is known of its inside. */
  parts(): readonly Block[];
}
