/** Whether a folder holds a model. What is in the files the engine checks. */
import { stat } from 'node:fs/promises';
import path from 'node:path';

const FILES = ['config.json', 'tokenizer.json', 'model.safetensors'] as const;

/** The files of a model that a folder lacks; none: it may be one. */
export async function missingModelFiles(folder: string): Promise<readonly string[]> {
  const there = await Promise.all(
    FILES.map((name) =>
      stat(path.join(folder, name)).then(
        (stats) => stats.isFile(),
        () => false,
      ),
    ),
  );
  return FILES.filter((_name, i) => there[i] !== true);
}
