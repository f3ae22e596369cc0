/** What config.json says of a model that comes as an ONNX graph, in the words of whichever architecture it is. */
import path from 'node:path';
import { LONGEST_WINDOW, type ModelSizes } from './config';
import { type Fields, missingFile, readFields, wholeField, wrongField } from './folder';

export interface GraphConfig extends ModelSizes {
  readonly architecture: string;
  /** The token that fills a batch's shorter texts; masked. */
  readonly padId: number;
  /** The position of the first token, for a graph that asks for positions. */
  readonly firstPosition: number;
}

/** Names that architectures have for a vector's width, and for the number of positions. */
const WIDTHS = ['hidden_size', 'n_embd', 'd_model', 'dim'];
const POSITIONS = ['max_position_embeddings', 'n_positions', 'max_trained_positions'];
/** Architectures after RoBERTa: positions count from behind the padding's id, and so many fewer are left. */
const OFFSET_POSITIONS = [
  'roberta',
  'xlm-roberta',
  'camembert',
  'mpnet',
  'roberta-prelayernorm',
  'data2vec-text',
];
const ROBERTA_PADDING = 1;

/** @throws NeosearchError `bad-model` naming the field that is missing or wrong */
export async function readGraphConfig(dir: string): Promise<GraphConfig> {
  const file = path.join(dir, 'config.json');
  const fields = await readFields(file);
  if (fields === undefined) throw missingFile(file);
  const architecture = fields['model_type'];
  if (typeof architecture !== 'string') throw wrongField(file, fields, 'model_type', 'an architecture');
  const required = (names: readonly string[]): number => {
    const value = firstOf(file, fields, names);
    if (value === undefined) throw wrongField(file, fields, names[0] ?? '', 'a whole number above 0');
    return value;
  };
  const offset = OFFSET_POSITIONS.includes(architecture);
  const padId = paddingOf(file, fields, offset ? ROBERTA_PADDING : 0);
  const firstPosition = offset ? padId + 1 : 0;
  // NeoBERT's name for it; elsewhere it is a setting for the writing of texts.
  const names = architecture === 'neobert' ? ['max_length'] : POSITIONS;
  const positions = (firstOf(file, fields, names) ?? LONGEST_WINDOW + firstPosition) - firstPosition;
  return {
    architecture,
    hiddenSize: required(WIDTHS),
    vocabularySize: required(['vocab_size']),
    maxLength: Math.min(positions, LONGEST_WINDOW),
    padId,
    firstPosition,
  };
}

function firstOf(file: string, fields: Fields, names: readonly string[]): number | undefined {
  const name = names.find((candidate) => fields[candidate] !== undefined);
  return name === undefined ? undefined : wholeField(file, fields, name);
}

/** 0 and null are among what checkpoints say. */
function paddingOf(file: string, fields: Fields, usual: number): number {
  const value = fields['pad_token_id'] ?? usual;
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  throw wrongField(file, fields, 'pad_token_id', 'a token id');
}
