/** Where the parts of an installed Neosearch lie: beside dist/, whatever folder the command runs in. */
import path from 'node:path';
import type { Installation } from '../engine/engine';

export const installation: Installation = {
  model: path.join(__dirname, '../media/model'),
  grammars: path.join(__dirname, 'grammars'),
  encoderWorker: path.join(__dirname, 'encoderWorker.js'),
};
