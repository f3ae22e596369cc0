/** The text of some lines of a file: as it is in the editor, else as it is on disk. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { messageOf, NeosearchError } from '../../base/errors';
import type { WirePlace } from '../../protocol/messages';
import { decode } from '../crawl/decode';

/**
 * @param unsaved the whole text of the file where the editor's differs from the disk
 * @throws NeosearchError `bad-argument` where there is no such file, or it has no such lines
 */
export async function linesAt(place: WirePlace, unsaved: string | undefined): Promise<string> {
  const text = unsaved ?? (await textOf(place));
  const lines = text.split(/\r?\n/u);
  if (place.startLine > lines.length) {
    throw new NeosearchError(
      'bad-argument',
      `${place.path} has ${lines.length} lines, so none from line ${place.startLine} on.`,
    );
  }
  return lines.slice(place.startLine - 1, place.endLine).join('\n');
}

async function textOf(place: WirePlace): Promise<string> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path.join(place.root, place.path));
  } catch (cause) {
    const message = `${place.path} cannot be read: ${messageOf(cause)}`;
    throw new NeosearchError('bad-argument', message, { cause });
  }
  const decoded = decode(bytes);
  if (decoded === undefined) throw new NeosearchError('bad-argument', `${place.path} is no text file.`);
  return decoded.text;
}
