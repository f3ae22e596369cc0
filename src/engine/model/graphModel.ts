/**
 * An encoder that comes as an ONNX graph, of whichever architecture: token ids in; a vector per text out, or a state
 * per token, which are pooled here. Blocks the thread that it runs in.
 */
import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { messageOf, NeosearchError } from '../../base/errors';
import type { GraphConfig } from './graphConfig';
import { graphInputs, type InputNeeds } from './graphInputs';
import { halfFloats } from './halfFloats';
import {
  type ModelOptions,
  type ModelOutput,
  type RunnableModel,
  type Runtime,
  sessionOptions,
} from './model';
import { normalizeRows, pooledStates } from './pooledStates';

/** A vector per text, [batch, width], pooled as the export's makers meant it. */
const VECTORS = 'sentence_embedding';
/** A state per token, [batch, length, width]. */
const STATES = ['last_hidden_state', 'token_embeddings'];

/** Numbers of a vector of length 1 may differ by so much with what else is in the batch; float32 gives 1e-6. */
const SAME = 1e-5;
/** Texts of different length, to try a graph with. */
const PROBE = Int32Array.of(3, 6);

export class GraphModel implements RunnableModel {
  /** Texts are run one by one where their vectors would depend on the batch. */
  private alone = false;

  private constructor(
    readonly config: GraphConfig,
    private readonly runtime: Runtime,
    private readonly session: InferenceSession,
    private readonly needs: readonly InputNeeds[],
    private readonly output: string,
    private readonly options: ModelOptions,
  ) {}

  /**
   * The graph is tried on two short texts.
   * @param file with the graph
   * @throws NeosearchError `bad-model` for a damaged file, and for inputs or outputs that are none of an encoder's
   */
  static async open(
    runtime: Runtime,
    file: string,
    config: GraphConfig,
    options: ModelOptions,
  ): Promise<GraphModel> {
    let session: InferenceSession | undefined;
    try {
      session = await runtime.InferenceSession.create(file, sessionOptions(undefined, options.threads));
      const needs = graphInputs(file, session.inputMetadata);
      const output = outputOf(file, session.outputMetadata, config.hiddenSize);
      const model = new GraphModel(config, runtime, session, needs, output, options);
      await model.probe();
      return model;
    } catch (error) {
      await session?.release();
      if (error instanceof NeosearchError) throw error;
      const [reason = ''] = messageOf(error).split('\n');
      throw new NeosearchError(
        'bad-model',
        `ONNX Runtime cannot run ${file}: ${reason}. If the file is damaged or a Git LFS pointer, fetch it again.`,
        { cause: error },
      );
    }
  }

  async run(ids: Int32Array, lengths: Int32Array): Promise<ModelOutput> {
    if (!this.alone || lengths.length === 1)
      return { vectors: await this.batch(ids, lengths), states: undefined };
    const vectors = new Float32Array(lengths.length * this.config.hiddenSize);
    let from = 0;
    for (const [row, length] of lengths.entries()) {
      const vector = await this.batch(ids.subarray(from, from + length), Int32Array.of(length));
      vectors.set(vector, row * this.config.hiddenSize);
      from += length;
    }
    return { vectors, states: undefined };
  }

  async release(): Promise<void> {
    await this.session.release();
  }

  /**
   * Whether vectors depend on the batch: in graphs that were quantised dynamically one scale serves all rows, so that
   * an index would depend on the order in which files were read.
   */
  private async probe(): Promise<void> {
    const { vocabularySize, hiddenSize } = this.config;
    const count = PROBE.reduce((a, b) => a + b, 0);
    const ids = Int32Array.from(
      { length: count },
      (_, i) => (Math.floor(vocabularySize / 2) + i) % vocabularySize,
    );
    const together = await this.batch(ids, PROBE);
    this.alone = true;
    const { vectors } = await this.run(ids, PROBE);
    normalizeRows(together, hiddenSize);
    normalizeRows(vectors, hiddenSize);
    this.alone = vectors.some((value, i) => !(Math.abs(value - (together[i] ?? NaN)) <= SAME));
  }

  /** @returns [batch, width] */
  private async batch(ids: Int32Array, lengths: Int32Array): Promise<Float32Array> {
    const longest = lengths.reduce((a, b) => Math.max(a, b), 0);
    const shape = [lengths.length, longest];
    const batch = { ids, lengths, longest, config: this.config };
    const feeds = Object.fromEntries(
      this.needs.map(({ name, type, fill }) => [name, tensor(this.runtime, type, fill(batch), shape)]),
    );
    const outputs = await this.session.run(feeds, [this.output]);
    const output = outputs[this.output];
    const width = this.config.hiddenSize;
    const expected = this.output === VECTORS ? [lengths.length, width] : [...shape, width];
    if (output === undefined || output.dims.join() !== expected.join()) {
      throw new NeosearchError(
        'bad-model',
        `The graph's output ${this.output} has shape [${output?.dims.join(', ') ?? ''}] where [${expected.join(', ')}] is expected: config.json has another hidden_size, or belongs to another model.`,
      );
    }
    const values = floatsOf(output);
    const vectors =
      this.output === VECTORS ? values : pooledStates(values, lengths, width, this.options.pooling);
    if (this.options.normalize) normalizeRows(vectors, width);
    return vectors;
  }
}

/** @throws NeosearchError `bad-model` where nothing has the shape of states */
function outputOf(file: string, outputs: readonly InferenceSession.ValueMetadata[], width: number): string {
  const named = [VECTORS, ...STATES].find((name) => outputs.some((output) => output.name === name));
  const stateful = outputs.find(
    (output) => output.isTensor && output.shape.length === 3 && mayBe(output.shape[2], width),
  );
  const found = named ?? stateful?.name;
  if (found !== undefined) return found;
  const names = outputs.map(({ name }) => name).join(', ');
  throw new NeosearchError(
    'bad-model',
    `${file} gives neither ${VECTORS} nor a state of ${width} numbers for each token; its outputs are ${names}. Export the encoder without a head.`,
  );
}

/** A size that the graph leaves open has a name, or none. */
function mayBe(size: number | string | undefined, width: number): boolean {
  return typeof size !== 'number' || size === width;
}

function tensor(
  runtime: Runtime,
  type: InputNeeds['type'],
  values: Int32Array,
  shape: readonly number[],
): Tensor {
  return type === 'int32'
    ? new runtime.Tensor('int32', values, shape)
    : new runtime.Tensor('int64', BigInt64Array.from(values, BigInt), shape);
}

/** A copy: the output's memory is ONNX Runtime's. */
function floatsOf({ type, data }: Tensor): Float32Array {
  if (data instanceof Float32Array) return new Float32Array(data);
  if (type === 'float16' && ArrayBuffer.isView(data)) {
    return halfFloats(new Uint16Array(data.buffer, data.byteOffset, data.byteLength / 2));
  }
  throw new NeosearchError(
    'bad-model',
    `The graph gives numbers of type ${type}; float32 or float16 are wanted.`,
  );
}
