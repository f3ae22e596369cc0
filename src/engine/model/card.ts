/** How a model is used as an encoder: neosearch.json, or what sentence-transformers wrote beside the model. */
import path from 'node:path';
import { PREPROCESSING_STEPS, type PreprocessingStep } from '../../core/encode/preprocess';
import { LONGEST_WINDOW, type ModelSizes } from './config';
import { type Fields, readFields, wrongField } from './folder';
import { readLongestText, readPooling, readPrompts } from './sentenceTransformers';
import { titleOf } from './title';

/** Which states of a text's tokens make its vector; all are between its first token and its last, special ones included. */
export const POOLINGS = ['mean', 'cls', 'lasttoken'] as const;
export type Pooling = (typeof POOLINGS)[number];

export interface EncoderCard {
  readonly name: string;
  readonly pooling: Pooling;
  readonly normalize: boolean;
  /** Most tokens of one text, special tokens included. */
  readonly window: number;
  readonly queryPrefix: string;
  readonly passagePrefix: string;
  readonly preprocessing: readonly PreprocessingStep[];
}

/** What a caller may set in place of what the model says of itself. */
export interface CardOverrides {
  readonly pooling?: Pooling;
  readonly normalize?: boolean;
}

/** The two special tokens, and one between. */
const SHORTEST_WINDOW = 3;

/**
 * The card of an encoder: what the caller sets, else neosearch.json, else what sentence-transformers says, else mean
 * pooling, no prefixes, and all positions that the model has. Without `normalize: false` vectors are normalised,
 * whether sentence-transformers lists a module for it or not.
 * @throws NeosearchError `bad-model` naming the field that is wrong
 */
export async function readCard(
  dir: string,
  sizes: ModelSizes,
  overrides: CardOverrides = {},
): Promise<EncoderCard> {
  const file = path.join(dir, 'neosearch.json');
  const fields = (await readFields(file)) ?? {};
  const text = (name: string, fallback: string): string => {
    const value = fields[name] ?? fallback;
    if (typeof value !== 'string') throw wrongField(file, fields, name, 'a string');
    return value;
  };
  const normalize = overrides.normalize ?? fields['normalize'] ?? true;
  if (typeof normalize !== 'boolean') throw wrongField(file, fields, 'normalize', 'true or false');
  const window = fields['window'] ?? (await readLongestText(dir)) ?? LONGEST_WINDOW;
  if (typeof window !== 'number' || !Number.isSafeInteger(window) || window < SHORTEST_WINDOW) {
    throw wrongField(file, fields, 'window', `a number of tokens, at least ${SHORTEST_WINDOW}`);
  }
  const preprocessing = fields['preprocessing'] ?? [];
  if (!Array.isArray(preprocessing) || !preprocessing.every(isStep)) {
    throw wrongField(file, fields, 'preprocessing', `a list of ${PREPROCESSING_STEPS.join(', ')}`);
  }
  const dimensions = fields['dimensions'] ?? sizes.hiddenSize;
  if (dimensions !== sizes.hiddenSize) {
    throw wrongField(file, fields, 'dimensions', `${sizes.hiddenSize}, config.json's hidden_size`);
  }
  const prompts = await readPrompts(dir);
  return {
    name: text('name', await titleOf(dir)),
    pooling: overrides.pooling ?? statedPooling(file, fields) ?? (await readPooling(dir)) ?? 'mean',
    normalize,
    window: Math.min(window, sizes.maxLength),
    queryPrefix: text('queryPrefix', prompts.query),
    passagePrefix: text('passagePrefix', prompts.passage),
    preprocessing,
  };
}

function statedPooling(file: string, card: Fields): Pooling | undefined {
  const stated = card['pooling'];
  const pooling = POOLINGS.find((kind) => kind === stated);
  if (stated === undefined || pooling !== undefined) return pooling;
  throw wrongField(file, card, 'pooling', POOLINGS.map((kind) => `"${kind}"`).join(' or '));
}

function isStep(value: unknown): value is PreprocessingStep {
  return PREPROCESSING_STEPS.some((step) => step === value);
}
