/** Whether a folder holds a model. What is in the files the engine checks. */
import { stat } from 'node:fs/promises';
import path from 'node:path';

/** Each may be any of several: the weights may be those of NeoBERT, or an ONNX export of any architecture. */
const FILES = [
  ['config.json'],
  ['tokenizer.json'],
  [
    'model.safetensors',
    'onnx/model.onnx',
    'onnx/model_fp16.onnx',
    'onnx/model_quantized.onnx',
    'onnx/model_int8.onnx',
    'model.onnx',
  ],
] as const;

/** The files of a model that a folder lacks, each by its usual name; none: it may be one. */
export async function missingModelFiles(folder: string): Promise<readonly string[]> {
  const missing: string[] = [];
  for (const names of FILES) {
    const there = await Promise.all(names.map((name) => isFile(path.join(folder, name))));
    if (!there.includes(true)) missing.push(names[0]);
  }
  return missing;
}

function isFile(file: string): Promise<boolean> {
  return stat(file).then(
    (stats) => stats.isFile(),
    () => false,
  );
}
