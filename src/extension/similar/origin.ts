/** What "Find Similar Code" compares: the selection, else the function at the cursor, else the whole file. */

/** Lines from 1, both ends included. */
export interface Lines {
  readonly startLine: number;
  readonly endLine: number;
}

/** A symbol as editors report it, lines from 1, both ends included. */
export interface SymbolLines extends Lines {
  readonly name: string;
  /** Whether it is code that could stand elsewhere: a function, a method, a class. */
  readonly comparable: boolean;
  readonly children: readonly SymbolLines[];
}

export interface Cursor extends Lines {
  /** Whether a text is selected, more than white space. */
  readonly hasSelection: boolean;
  /** Whether the selection begins and ends with whole lines. */
  readonly wholeLines: boolean;
}

export type Origin =
  | (Lines & { readonly kind: 'selection' })
  | (Lines & { readonly kind: 'symbol'; readonly name: string })
  | (Lines & { readonly kind: 'file' });

/** @param lineCount of the document, from 1 */
export function originOf(cursor: Cursor, symbols: readonly SymbolLines[], lineCount: number): Origin {
  if (cursor.hasSelection) {
    return { kind: 'selection', startLine: cursor.startLine, endLine: cursor.endLine };
  }
  const symbol = innermost(symbols, cursor.startLine);
  if (symbol !== undefined) {
    return { kind: 'symbol', name: symbol.name, startLine: symbol.startLine, endLine: symbol.endLine };
  }
  return { kind: 'file', startLine: 1, endLine: Math.max(1, lineCount) };
}

/** The smallest comparable symbol around a line. */
function innermost(symbols: readonly SymbolLines[], line: number): SymbolLines | undefined {
  for (const symbol of symbols) {
    const inner = innermost(symbol.children, line);
    if (inner !== undefined) return inner;
    if (symbol.comparable && symbol.startLine <= line && line <= symbol.endLine) return symbol;
  }
  return undefined;
}
