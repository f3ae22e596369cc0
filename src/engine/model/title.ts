/** What a model is called that does not say it itself. */
import path from 'node:path';
import { readFields } from './folder';

/** What says, in the folder of a pulled model, where it is from. */
export const PULL_RECORD = 'pulled.json';

/** The repository that a folder was pulled from; else the folder's name. */
export async function titleOf(dir: string): Promise<string> {
  const repository = (await readFields(path.join(dir, PULL_RECORD)))?.['repository'];
  return typeof repository === 'string' ? repository : path.basename(path.resolve(dir));
}
