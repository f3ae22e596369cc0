/** The encoder as the engine sees it: texts are tokenized here, and run in a worker thread, queries first. */
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { SHARE_ENV, Worker } from 'node:worker_threads';
import { isNoRuntime, NeosearchError } from '../../base/errors';
import type { EncodeOptions, Encoder, EncoderInfo, Role } from '../../core/encode/encoder';
import { preprocess } from '../../core/encode/preprocess';
import type { CardOverrides } from '../model/card';
import { BatchLine } from './batchLine';
import { describeEncoder, type EncoderDescription } from './describeEncoder';
import { EncodeRequest } from './encodeRequest';
import type { WorkerSetup } from './messages';
import { NativeGate } from './nativeGate';
import { Tokenizer } from './tokenizer';

export interface OpenOptions extends CardOverrides {
  /** Folder with config.json, tokenizer.json and model.safetensors or an ONNX export. */
  readonly modelDir: string;
  /** The built worker.ts; encoderWorker.js beside the running script by default. */
  readonly workerPath?: string;
  /** Threads of ONNX Runtime; see `defaultThreads`. */
  readonly threads?: number;
  /** False for a model without tokenizer.json, which then takes token ids only. */
  readonly tokenizer?: boolean;
}

/** @throws NeosearchError `bad-model`, `permission-denied`, `engine-failed` */
export async function openEncoder(options: OpenOptions): Promise<WorkerEncoder> {
  const { modelDir, workerPath = path.join(__dirname, 'encoderWorker.js') } = options;
  const description = await describeEncoder(modelDir, options);
  const { pooling, normalize } = description.card;
  const threads = options.threads ?? defaultThreads(availableParallelism());
  const gate = new NativeGate();
  const setup: WorkerSetup = { modelDir, pooling, normalize, threads, gate: gate.memory };
  // The environment is shared for the variable that turns ONNX Runtime's telemetry off (worker.ts).
  const line = new BatchLine(new Worker(workerPath, { workerData: setup, env: SHARE_ENV }), gate);
  try {
    const tokenizer = options.tokenizer === false ? undefined : await Tokenizer.open(modelDir);
    refuseForeignTokenizer(modelDir, tokenizer, description);
    try {
      await line.ready;
    } catch (error) {
      // Texts can be counted without the runtime, so that they are chunked and found by their words.
      if (!isNoRuntime(error)) throw error;
    }
    return new WorkerEncoder(description, tokenizer, line);
  } catch (error) {
    await line.close();
    throw error;
  }
}

/**
 * Half of the logical cores, which is about all physical ones, so that the editor stays quick; at least two where
 * there are two, and at most eight.
 */
export function defaultThreads(cores: number): number {
  return Math.min(cores, Math.max(2, Math.min(8, Math.floor(cores / 2))));
}

export class WorkerEncoder implements Encoder {
  constructor(
    private readonly description: EncoderDescription,
    private readonly tokenizer: Tokenizer | undefined,
    private readonly line: BatchLine,
  ) {}

  get info(): EncoderInfo {
    const { id, name, dimensions, window, device } = this.description;
    return { id, name, dimensions, window, device };
  }

  count(text: string): number {
    return this.requireTokenizer().count(preprocess(text, this.description.card.preprocessing));
  }

  async encode(texts: readonly string[], role: Role, options: EncodeOptions = {}): Promise<Float32Array[]> {
    const tokenizer = this.requireTokenizer();
    const { card, window } = this.description;
    const prefix = role === 'query' ? card.queryPrefix : card.passagePrefix;
    const rows = texts.map((text) => tokenizer.encode(prefix + preprocess(text, card.preprocessing), window));
    return this.run(rows, role, options);
  }

  /**
   * Encodes token ids as they are, in the passage role: no special tokens are added.
   * @throws NeosearchError `bad-argument` for an empty list, an id beyond the vocabulary or too many tokens
   */
  async encodeTokens(
    rows: readonly (readonly number[])[],
    options: EncodeOptions = {},
  ): Promise<Float32Array[]> {
    const { vocabularySize, maxLength } = this.description.config;
    for (const [i, row] of rows.entries()) {
      if (row.length === 0) throw new NeosearchError('bad-argument', `Item ${i} has no token ids.`);
      if (row.length > maxLength) {
        throw new NeosearchError(
          'bad-argument',
          `Item ${i} has ${row.length} tokens; the model has ${maxLength} positions.`,
        );
      }
      const bad = row.find((id) => !Number.isInteger(id) || id < 0 || id >= vocabularySize);
      if (bad !== undefined) {
        throw new NeosearchError(
          'bad-argument',
          `Item ${i} has token id ${bad}; the vocabulary has ids 0 to ${vocabularySize - 1}.`,
        );
      }
    }
    return this.run(rows, 'passage', options);
  }

  /** What waits is rejected with `engine-failed`. */
  async close(): Promise<void> {
    await this.line.close();
  }

  private run(
    rows: readonly (readonly number[])[],
    role: Role,
    { signal, urgent }: EncodeOptions,
  ): Promise<Float32Array[]> {
    const request = new EncodeRequest(
      rows,
      role === 'query' || urgent === true,
      this.description.dimensions,
      signal,
    );
    this.line.add(request);
    return request.result;
  }

  private requireTokenizer(): Tokenizer {
    if (this.tokenizer === undefined) throw new TypeError('This encoder was opened without its tokenizer.');
    return this.tokenizer;
  }
}

function refuseForeignTokenizer(
  modelDir: string,
  tokenizer: Tokenizer | undefined,
  { config }: EncoderDescription,
): void {
  if (tokenizer === undefined || tokenizer.greatestId < config.vocabularySize) return;
  throw new NeosearchError(
    'bad-model',
    `${modelDir}: tokenizer.json has token ids up to ${tokenizer.greatestId}, but the model has a vocabulary of ${config.vocabularySize}. They belong to different models.`,
  );
}
