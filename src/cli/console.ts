/** Standard output and error of the command line: answers on one, everything else on the other. */
import { styleText } from 'node:util';

export type Style = Parameters<typeof styleText>[0];

export interface Console {
  /** Whether standard output is a terminal that a person reads. */
  readonly interactive: boolean;
  /** Writes a line of the answer. Resolves when it may be followed by another (a slow pipe holds it back). */
  out(line: string): Promise<void>;
  /** Writes a line that is not part of the answer. */
  note(line: string): void;
  /** Colours text for standard output where it is a terminal. */
  paint(style: Style, text: string): string;
}

export function processConsole(): Console {
  const { stdout, stderr } = process;
  // A reader that stops reading (`| head`) is no error of ours.
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  const colours = stdout.isTTY && process.env['NO_COLOR'] === undefined;
  return {
    interactive: stdout.isTTY,
    out: (line) =>
      new Promise((resolve, reject) => {
        stdout.write(`${line}\n`, (error) => {
          if (error) reject(error);
          else resolve();
        });
      }),
    note: (line) => void stderr.write(`${line}\n`),
    paint: (style, text) => (colours ? styleText(style, text, { validateStream: false }) : text),
  };
}
