/** Pulls from a server of the tests, without waiting between attempts. */
import path from 'node:path';
import { ModelStore } from '../../src/engine/hub/modelStore';
import { parseModelName } from '../../src/engine/hub/names';
import { pull, type Pulled, type PullOptions, type PullProgress } from '../../src/engine/hub/pull';
import type { HubServer } from '../support/hubServer';
import { temporaryFolder } from './modelSupport';

export const REPOSITORY = 'someone/small-encoder';

/** Large enough that it arrives in several pieces. */
export const WEIGHTS = Buffer.from(Array.from({ length: 400_000 }, (_, i) => (i * 7 + (i >> 8)) & 0xff));

export const NEOBERT = {
  'README.md': 'Not a part of the model.',
  'config.json': JSON.stringify({ model_type: 'neobert', hidden_size: 32 }),
  'tokenizer.json': '{}',
  '1_Pooling/config.json': '{"pooling_mode_mean_tokens": true}',
  'model.safetensors': WEIGHTS,
  'pytorch_model.bin': 'the same weights in a form that runs code',
} as const;

export class Puller {
  private readonly folder = temporaryFolder();
  readonly store = new ModelStore(path.join(this.folder.dir, 'home'), path.join(this.folder.dir, 'embedded'));
  /** Milliseconds that were to be waited between attempts. */
  readonly waits: number[] = [];
  readonly progress: PullProgress[] = [];
  readonly notes: string[] = [];

  constructor(private readonly hub: Pick<HubServer, 'env'>) {}

  [Symbol.dispose](): void {
    this.folder.remove();
  }

  at(...parts: string[]): string {
    return path.join(this.folder.dir, ...parts);
  }

  pull(name = REPOSITORY, more: Partial<PullOptions> = {}): Promise<Pulled> {
    return pull({
      store: this.store,
      name: parseModelName(name),
      quantized: false,
      env: this.hub.env,
      signal: new AbortController().signal,
      log: (line) => void this.notes.push(line),
      wait: (milliseconds) => {
        this.waits.push(milliseconds);
        return Promise.resolve();
      },
      onProgress: (progress) => void this.progress.push(progress),
      ...more,
    });
  }
}
