/** Whether a folder holds a model. What is in the files the engine checks. */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { GRAPH_FILES, WEIGHTS_FILE } from '../../base/modelFiles';

/** Groups of files of which one is needed; the first is the one to name. */
const NEEDED = [['config.json'], ['tokenizer.json'], [WEIGHTS_FILE, ...GRAPH_FILES]] as const;

/** The files of a model that a folder lacks; none: it may be one. An ONNX export stands for the weights. */
export async function missingModelFiles(folder: string): Promise<readonly string[]> {
  const there = await Promise.all(
    NEEDED.map(async (names) => {
      const found = await Promise.all(names.map((name) => isFile(path.join(folder, name))));
      return found.includes(true);
    }),
  );
  return NEEDED.filter((_names, i) => there[i] !== true).map((names) => names.slice(0, 2).join(' / '));
}

function isFile(file: string): Promise<boolean> {
  return stat(file).then(
    (stats) => stats.isFile(),
    () => false,
  );
}
