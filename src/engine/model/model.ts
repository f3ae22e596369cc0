/** A checkpoint that runs: an ONNX Runtime session over its graph. Blocks the thread that it runs in. */
import type * as OnnxRuntime from 'onnxruntime-node';
import type { InferenceSession } from 'onnxruntime-node';
import { messageOf, NeosearchError } from '../../base/errors';
import { readConfig, type ModelConfig } from './config';
import { type GraphOptions, neobertGraph } from './neobertGraph';
import { readWeights } from './weights';

/** The native library; handed in, so that importing this file loads no native code. */
export type Runtime = typeof OnnxRuntime;

export interface ModelOptions extends GraphOptions {
  /** Threads of one run. */
  readonly threads: number;
}

export interface ModelOutput {
  /** Row after row, [batch, hidden]. */
  readonly vectors: Float32Array;
  /** [batch, length, hidden], if they were asked for. */
  readonly states: Float32Array | undefined;
}

/** A model whose session is loaded. */
export interface RunnableModel {
  /**
   * Runs one batch.
   * @param ids of the texts, one after the other and without padding, each below the size of the vocabulary
   * @param lengths tokens of each text, each from 1 to the model's positions
   */
  run(ids: Int32Array, lengths: Int32Array): Promise<ModelOutput>;
  release(): Promise<void>;
}

export class Model implements RunnableModel {
  private constructor(
    readonly config: ModelConfig,
    private readonly runtime: Runtime,
    private readonly session: InferenceSession,
  ) {}

  /** @throws NeosearchError `bad-model` */
  static async open(runtime: Runtime, dir: string, options: ModelOptions): Promise<Model> {
    const config = await readConfig(dir);
    const weights = await readWeights(dir, config);
    const graph = neobertGraph(config, weights, options);
    try {
      const session = await runtime.InferenceSession.create(
        graph,
        sessionOptions(weights.file.folder, options.threads),
      );
      return new Model(config, runtime, session);
    } catch (error) {
      throw new NeosearchError(
        'bad-model',
        `ONNX Runtime cannot run the model in ${dir}: ${messageOf(error)}`,
        {
          cause: error,
        },
      );
    }
  }

  async run(ids: Int32Array, lengths: Int32Array): Promise<ModelOutput> {
    const { Tensor } = this.runtime;
    const longest = lengths.reduce((a, b) => Math.max(a, b), 0);
    const rows = new Int32Array(lengths.length * longest);
    let from = 0;
    for (const [row, length] of lengths.entries()) {
      rows.set(ids.subarray(from, from + length), row * longest);
      from += length;
    }
    const { vectors, states } = await this.session.run({
      ids: new Tensor('int32', rows, [lengths.length, longest]),
      lengths: new Tensor('int32', lengths, [lengths.length]),
    });
    if (!(vectors?.data instanceof Float32Array)) throw new TypeError('The graph gave no float32 vectors.');
    return { vectors: vectors.data, states: states?.data instanceof Float32Array ? states.data : undefined };
  }

  async release(): Promise<void> {
    await this.session.release();
  }
}

/** @param weightsFolder of the files that a graph in memory refers to; one in a file knows its own */
export function sessionOptions(
  weightsFolder: string | undefined,
  threads: number,
): InferenceSession.SessionOptions {
  return {
    executionProviders: ['cpu'],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    graphOptimizationLevel: 'all',
    // Errors only: they are thrown, too.
    logSeverityLevel: 3,
    extra: {
      session: {
        ...(weightsFolder === undefined
          ? {}
          : { model_external_initializers_file_folder_path: weightsFolder }),
        // Threads that wait for the next batch sleep instead of spinning.
        intra_op: { allow_spinning: '0' },
      },
    },
  };
}
