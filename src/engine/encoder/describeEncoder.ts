/** What an encoder is, from its files alone: no weights are loaded and no native code. */
import { createHash } from 'node:crypto';
import { open, readdir } from 'node:fs/promises';
import path from 'node:path';
import type { EncoderInfo } from '../../core/encode/encoder';
import { type CardOverrides, type EncoderCard, readCard } from '../model/card';
import type { ModelSizes } from '../model/config';
import { isMissing, unreadable } from '../model/folder';
import { type ModelForm, readForm } from '../model/form';

export interface EncoderDescription extends EncoderInfo {
  readonly config: ModelSizes;
  readonly card: EncoderCard;
}

/** Changes whenever the same files give other vectors. */
const ARITHMETIC_VERSION = 1;
const ID_LENGTH = 16;

/**
 * @returns with an id that is a hash over weights, tokenizer, pooling and preprocessing
 * @throws NeosearchError `bad-model`
 */
export async function describeEncoder(
  modelDir: string,
  overrides: CardOverrides = {},
): Promise<EncoderDescription> {
  const form = await readForm(modelDir);
  const { config } = form;
  const card = await readCard(modelDir, config, overrides);
  const weights = await hashWeights(form);
  const tokenizer = await hashFile(path.join(modelDir, 'tokenizer.json'), true);
  // Everything that moves a vector, the name does not. The window does: it cuts.
  const { pooling, normalize, queryPrefix, passagePrefix, preprocessing, window } = card;
  const usage = [pooling, normalize, queryPrefix, passagePrefix, preprocessing, window];
  const identity = JSON.stringify([ARITHMETIC_VERSION, config, usage, weights, tokenizer]);
  return {
    id: createHash('sha256').update(identity).digest('hex').slice(0, ID_LENGTH),
    name: card.name,
    dimensions: config.hiddenSize,
    window,
    device: deviceName(),
    config,
    card,
  };
}

/** Of a graph: with the files that hold its weights, named after it (`model.onnx_data`, `model.onnx.data`). */
async function hashWeights(form: ModelForm): Promise<string> {
  if (form.kind === 'neobert') return hashFile(form.weights);
  const folder = path.dirname(form.graph);
  const name = path.basename(form.graph);
  const files = (await readdir(folder)).filter(
    (file) => file === name || file.startsWith(`${name}_data`) || file.startsWith(`${name}.data`),
  );
  const hashes = files.sort().map(async (file) => [file, await hashFile(path.join(folder, file))]);
  return JSON.stringify(await Promise.all(hashes));
}

/** What it runs on; a package for all platforms brings no runtime. */
function deviceName(): string {
  try {
    require.resolve('onnxruntime-node');
    return 'cpu';
  } catch {
    // Not being found is the answer.
    return 'none (ONNX Runtime is not installed; only words are searched)';
  }
}

/**
 * Larger files are known by their size and blocks of them, evenly spaced from the first byte to the last, so
 * that a gigabyte of weights does not cost seconds at every start. Training changes every block.
 */
const HASHED_WHOLE = 64 * 1024 * 1024;
const SAMPLES = 64;
const BLOCK = 64 * 1024;

/** Hashes of files that were not written since, by path, size and time of the last write. */
const known = new Map<string, string>();

/** @returns the empty string for an optional file that is missing */
async function hashFile(file: string, optional = false): Promise<string> {
  try {
    const handle = await open(file);
    try {
      const { size, mtimeMs } = await handle.stat();
      const key = JSON.stringify([path.resolve(file), size, mtimeMs]);
      const before = known.get(key);
      if (before !== undefined) return before;
      const hash = createHash('sha256').update(`${size}\n`);
      if (size <= HASHED_WHOLE) {
        hash.update(await handle.readFile());
      } else {
        for (let i = 0; i < SAMPLES; i += 1) {
          const position = Math.floor(((size - BLOCK) * i) / (SAMPLES - 1));
          const { buffer, bytesRead } = await handle.read(Buffer.alloc(BLOCK), 0, BLOCK, position);
          hash.update(buffer.subarray(0, bytesRead));
        }
      }
      const digest = hash.digest('hex');
      known.set(key, digest);
      return digest;
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (optional && isMissing(error)) return '';
    throw unreadable(file, error);
  }
}
