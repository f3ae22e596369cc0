/** Where the parts of an installed Neosearch lie: beside dist/, whatever folder the command runs in. */
import path from 'node:path';
import type { Installation } from '../engine/engine';
import { ModelStore } from '../engine/hub/modelStore';
import { indexHome } from '../engine/index/location';

export const installation: Installation = {
  model: path.join(__dirname, '../media/model'),
  grammars: path.join(__dirname, 'grammars'),
  encoderWorker: path.join(__dirname, 'encoderWorker.js'),
};

/** The models of this machine. @param indexDir what --index-dir says */
export function modelStore(indexDir?: string): ModelStore {
  return new ModelStore(indexHome(indexDir), installation.model);
}
