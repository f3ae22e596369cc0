/**
 * From blocks to pieces within the budget: a definition of some length alone, small ones beside each other
 * merged, a long one cut into its parts.
 */
import type { Block } from './block';
import type { Limits } from './limits';
import { partition } from './partition';
import { join, type Piece, pieceOf } from './piece';
import { cutLines } from './cutLines';
import type { TokenMeter } from './tokenMeter';

/** Pieces that tile the block, in order. */
export function pack(block: Block, meter: TokenMeter, limits: Limits): Piece[] {
  return new Packer(meter, limits).pieces(block, 0);
}

/** Most blocks in blocks that are opened. */
const MAX_DEPTH = 200;

class Packer {
  constructor(
    private readonly meter: TokenMeter,
    private readonly limits: Limits,
  ) {}

  pieces(block: Block, depth: number): Piece[] {
    const { limits, meter } = this;
    const tokens = meter.tokens(block);
    if (tokens <= limits.budget && this.staysWhole(block, tokens)) {
      return [pieceOf(block, tokens, tokens >= limits.alone && block.isDefinition)];
    }
    const parts = depth < MAX_DEPTH ? block.parts() : [];
    if (parts.length === 0) {
      return tokens <= limits.budget
        ? [pieceOf(block, tokens, false)]
        : cutLines(block, meter, limits.budget);
    }
    const inside = this.merge(
      parts.flatMap((part) => this.pieces(part, depth + 1)),
      block.holds === 'members' ? limits.merged : limits.budget,
    );
    // What was cut out of a definition is not merged with what is beside the definition.
    return block.isDefinition ? inside.map((piece) => ({ ...piece, sealed: true })) : inside;
  }

  /** A container that is short, or that has no member worth a chunk of its own. */
  private staysWhole(block: Block, tokens: number): boolean {
    const { whole, alone } = this.limits;
    if (block.holds === 'rest' || tokens <= whole) return true;
    return !block
      .parts()
      .some((part) => part.preamble || (part.isDefinition && this.meter.tokens(part) >= alone));
  }

  /** Merges small pieces beside each other, to about `goal` tokens. */
  private merge(pieces: readonly Piece[], goal: number): Piece[] {
    const merged: Piece[] = [];
    let row: Piece[] = [];
    const flush = (): void => {
      const units = row.map((piece) => ({ piece, tokens: piece.tokens, cutCost: this.cutCost(piece) }));
      for (const run of partition(units, this.limits.budget, goal)) {
        const piece = join(run.map((unit) => unit.piece));
        if (piece !== undefined) merged.push(piece);
      }
      row = [];
    };
    for (const piece of pieces) {
      const last = row.at(-1);
      if (last !== undefined && (piece.sealed || last.preamble !== piece.preamble)) flush();
      if (piece.sealed) merged.push(piece);
      else row.push(piece);
    }
    flush();
    return this.joinTiny(merged);
  }

  /** Joins what is too short for a chunk to what follows it, or to what precedes it. */
  private joinTiny(pieces: readonly Piece[]): Piece[] {
    const { budget, tiny } = this.limits;
    const result: Piece[] = [];
    const fits = (a: Piece | undefined, b: Piece | undefined): boolean =>
      a !== undefined && b !== undefined && a.tokens + b.tokens <= budget;
    for (let i = 0; i < pieces.length; i++) {
      const piece = pieces[i];
      if (piece === undefined) continue;
      const next = pieces[i + 1];
      const last = result.at(-1);
      const waiting = last !== undefined && last.tokens < tiny && !last.sealed;
      if (waiting && fits(last, piece)) replaceLast(result, join([last, piece]));
      else if (piece.tokens < tiny && !piece.sealed && !fits(piece, next) && fits(last, piece)) {
        replaceLast(result, last && join([last, piece]));
      } else result.push(piece);
    }
    return result;
  }

  /** Cutting before a blank line or at the left margin is better than elsewhere. */
  private cutCost({ start }: Piece): number {
    const { lines } = this.meter;
    const line = lines.lineAt(start);
    if (start > lines.startOf(line)) return 1;
    const above = { start: lines.startOf(line - 1), end: lines.startOf(line) };
    return line > 0 && lines.isBlank(above) ? 0 : 0.4;
  }
}

function replaceLast(pieces: Piece[], piece: Piece | undefined): void {
  if (piece !== undefined) pieces[pieces.length - 1] = piece;
}
