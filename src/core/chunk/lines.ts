/** The lines of a text. A line ends behind its `\n`; a `\r` before it belongs to it. */
import type { Span } from '../corpus/document';

export class Lines {
  /** Offset of each line's first character. */
  private readonly starts: number[] = [0];

  constructor(readonly text: string) {
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) this.starts.push(at + 1);
  }

  /** How many there are; a text that ends with `\n` has an empty last line. */
  get count(): number {
    return this.starts.length;
  }

  /** Offset of a line's first character; lines count from 0; the text's length behind the last line. */
  startOf(line: number): number {
    return this.starts[line] ?? this.text.length;
  }

  /** The line that an offset lies in, from 0. */
  lineAt(offset: number): number {
    let low = 0;
    let high = this.starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((this.starts[middle] ?? Infinity) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** Offset of the first character of the line that an offset lies in. */
  startOfLineAt(offset: number): number {
    return this.startOf(this.lineAt(offset));
  }

  /** Whether nothing but white space lies between two offsets. */
  isBlank({ start, end }: Span): boolean {
    return firstNonBlank(this.text, start, end) >= end;
  }

  /** The span without the white space around it; undefined when nothing is left. */
  trim({ start, end }: Span): Span | undefined {
    const from = firstNonBlank(this.text, start, end);
    if (from >= end) return undefined;
    let to = end;
    while (isBlankAt(this.text, to - 1)) to--;
    return { start: from, end: to };
  }
}

function firstNonBlank(text: string, start: number, end: number): number {
  let at = start;
  while (at < end && isBlankAt(text, at)) at++;
  return at;
}

/** Whether the character is white space for `String.trim`. */
function isBlankAt(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  if (code < 128) return code === 32 || (code >= 9 && code <= 13);
  return (
    code === 0xa0 ||
    code === 0xfeff ||
    code === 0x1680 ||
    (code >= 0x2000 && code <= 0x200a) ||
    code === 0x2028 ||
    code === 0x2029 ||
    code === 0x202f ||
    code === 0x205f ||
    code === 0x3000
  );
}
