/** How long chunks are, as fractions of the budget. */
import type { ChunkKind } from '../corpus/document';

export interface Limits {
  /** Most tokens of a chunk. */
  readonly budget: number;
  /** A definition of this many tokens is a chunk of its own; none is in data. */
  readonly alone: number;
  /** Members (small functions, sections) are merged up to about this many tokens. */
  readonly merged: number;
  /** A container of this many tokens stays whole, whatever it holds. */
  readonly whole: number;
  /** Fewer tokens than this are no chunk where they can be joined to a neighbour. */
  readonly tiny: number;
}

export function limitsFor(budget: number, kind: ChunkKind): Limits {
  const part = (fraction: number): number => Math.max(1, Math.floor(budget * fraction));
  const merged = kind === 'data' ? 1 : 1 / 2;
  const alone = kind === 'data' ? Infinity : part(1 / 4);
  return { budget, alone, merged: part(merged), whole: part(merged), tiny: part(1 / 12) };
}
