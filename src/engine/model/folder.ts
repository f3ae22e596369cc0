/** The files of a model's folder, and what is said when one cannot be had. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { messageOf, NeosearchError, systemCodeOf } from '../../base/errors';
import { GRAPH_FILES, WEIGHTS_FILE } from '../../base/modelFiles';

/** A JSON object whose fields are still to be checked. */
export type Fields = Readonly<Partial<Record<string, unknown>>>;

/**
 * The fields of a JSON file.
 * @returns undefined where there is no such file
 * @throws NeosearchError `bad-model` for anything but a JSON object, `permission-denied`
 */
export async function readFields(file: string): Promise<Fields | undefined> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw unreadable(file, error);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new NeosearchError('bad-model', `${file} is not JSON: ${messageOf(error)}.`, { cause: error });
  }
  if (isFields(value)) return value;
  throw new NeosearchError('bad-model', `${file} must hold a JSON object.`);
}

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether an error says that there is no such file. */
export function isMissing(error: unknown): boolean {
  const code = systemCodeOf(error);
  return code === 'ENOENT' || code === 'ENOTDIR';
}

/** Says what a folder lacks that should hold a model. */
export function missingFile(file: string): NeosearchError {
  const dir = path.dirname(file);
  return new NeosearchError(
    'bad-model',
    existsSync(dir)
      ? `${dir} has no ${path.basename(file)}. A model folder holds config.json, tokenizer.json and ${WEIGHTS_FILE}; or in place of the last an ONNX export, one of ${GRAPH_FILES.join(', ')}.`
      : `There is no model folder ${dir}.`,
  );
}

/** Says why a file of a model cannot be read. */
export function unreadable(file: string, error: unknown): NeosearchError {
  if (isMissing(error)) return missingFile(file);
  const code = systemCodeOf(error);
  const denied = code === 'EACCES' || code === 'EPERM';
  return new NeosearchError(
    denied ? 'permission-denied' : 'bad-model',
    `${file} cannot be read: ${messageOf(error)}.`,
    { cause: error },
  );
}

/** Says that a field of a model's file is missing or wrong. @param expected what it must be */
export function wrongField(file: string, fields: Fields, name: string, expected: string): NeosearchError {
  const value = fields[name];
  return new NeosearchError(
    'bad-model',
    value === undefined
      ? `${file} lacks ${name}, which must be ${expected}.`
      : `${file}: ${name} is ${JSON.stringify(value)}, but must be ${expected}.`,
  );
}

/** A whole number above 0, or undefined where the field is missing. @throws NeosearchError `bad-model` */
export function wholeField(file: string, fields: Fields, name: string): number | undefined {
  const value = fields[name];
  if (value === undefined) return undefined;
  if (typeof value === 'number' && Number.isSafeInteger(value) && value > 0) return value;
  throw wrongField(file, fields, name, 'a whole number above 0');
}
