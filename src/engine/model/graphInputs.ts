/** What an encoder's graph may ask for, by the names that exports have. */
import type { InferenceSession } from 'onnxruntime-node';
import { NeosearchError } from '../../base/errors';
import type { GraphConfig } from './graphConfig';

/** One batch: ids of all texts one after the other, and the length of each. */
export interface GraphBatch {
  readonly ids: Int32Array;
  readonly lengths: Int32Array;
  readonly longest: number;
  readonly config: GraphConfig;
}

/** [batch, longest], row after row. */
type Fill = (batch: GraphBatch) => Int32Array;

export interface InputNeeds {
  readonly name: string;
  readonly type: 'int64' | 'int32';
  readonly fill: Fill;
}

const INPUTS: ReadonlyMap<string, Fill> = new Map<string, Fill>([
  ['input_ids', (batch) => rows(batch, batch.config.padId, (at) => batch.ids[at] ?? 0)],
  ['attention_mask', (batch) => rows(batch, 0, () => 1)],
  ['token_type_ids', (batch) => rows(batch, 0, () => 0)],
  ['position_ids', (batch) => rows(batch, 0, (_at, position) => batch.config.firstPosition + position)],
]);

/**
 * How each input of a graph is filled.
 * @throws NeosearchError `bad-model` for an input that is not known, or of another type, and for a graph that takes no
 * token ids
 */
export function graphInputs(
  file: string,
  inputs: readonly InferenceSession.ValueMetadata[],
): readonly InputNeeds[] {
  if (!inputs.some(({ name }) => name === 'input_ids')) {
    throw refused(file, inputs, 'takes no input_ids');
  }
  return inputs.map((input) => {
    const { name } = input;
    const fill = INPUTS.get(name);
    if (fill === undefined) throw refused(file, inputs, `asks for ${name}`);
    const type = input.isTensor ? input.type : 'no tensor';
    if (type !== 'int64' && type !== 'int32') throw refused(file, inputs, `asks for ${name} as ${type}`);
    return { name, type, fill };
  });
}

function refused(
  file: string,
  inputs: readonly InferenceSession.ValueMetadata[],
  what: string,
): NeosearchError {
  const names = inputs.map(({ name }) => name).join(', ');
  return new NeosearchError(
    'bad-model',
    `${file} ${what}; its inputs are ${names}. An encoder's graph takes input_ids and at most ${[...INPUTS.keys()].slice(1).join(', ')}, as int64.`,
  );
}

/** @param value of a token, by its place among all ids and in its text */
function rows(
  { lengths, longest }: GraphBatch,
  padding: number,
  value: (at: number, position: number) => number,
): Int32Array {
  const filled = new Int32Array(lengths.length * longest).fill(padding);
  let at = 0;
  for (const [row, length] of lengths.entries()) {
    for (let position = 0; position < length; position += 1) {
      filled[row * longest + position] = value(at, position);
      at += 1;
    }
  }
  return filled;
}
