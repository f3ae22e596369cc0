/** The place or the text that an agent asks similar code for. */
import { NeosearchError } from '../../base/errors';
import type { Folders } from './folders';

export interface SimilarInput {
  readonly path?: string | undefined;
  readonly startLine?: number | undefined;
  readonly endLine?: number | undefined;
  readonly text?: string | undefined;
  readonly limit: number;
  readonly maxTokens: number;
}

export interface PlaceAsked {
  readonly place: {
    readonly root: string;
    readonly path: string;
    readonly startLine: number;
    readonly endLine: number;
  };
  readonly text?: string;
}

/** No file has more. */
const LAST_LINE = 10_000_000;

/** @throws NeosearchError `bad-argument` */
export function placeAsked(folders: Folders, input: SimilarInput): PlaceAsked {
  const { path, startLine = 1, endLine = LAST_LINE, text } = input;
  if (endLine < startLine) {
    throw new NeosearchError(
      'bad-argument',
      `endLine ${endLine} lies before startLine ${startLine}. Give the first line first.`,
    );
  }
  if (path !== undefined) {
    return {
      place: { ...folders.placeOf(path), startLine, endLine },
      ...(text === undefined ? {} : { text }),
    };
  }
  if (text === undefined) {
    throw new NeosearchError('bad-argument', 'Give `path` with lines, or `text`: the code to find more of.');
  }
  // In no file: no place is left out.
  return { place: { root: '', path: '', startLine: 1, endLine: 1 }, text };
}
