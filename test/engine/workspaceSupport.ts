/** What the tests of the workspace's questions share: folders indexed with the shipped model. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after } from 'node:test';
import type { Encoder } from '../../src/core/encode/encoder';
import { openEncoder } from '../../src/engine/encoder/workerEncoder';
import { Engine, type Installation } from '../../src/engine/engine';
import { Grammars } from '../../src/engine/grammars/grammars';
import { Ann } from '../../src/engine/index/ann';
import { Store } from '../../src/engine/index/store';
import { Overlays, type WorkspaceRoot } from '../../src/engine/search/workspace';
import { temporaryFolder } from './storeSupport';

export const installation: Installation = {
  model: path.resolve('media/model'),
  grammars: path.resolve('dist/grammars'),
  encoderWorker: path.resolve('dist/encoderWorker.js'),
};

export const BUDGET = 256;

export interface IndexedFolder {
  readonly engine: Engine;
  readonly root: WorkspaceRoot;
}

/** Temporary folders with an index each, and one encoder for all. */
export class Folders {
  private readonly dir = temporaryFolder();
  private encoding: Promise<Encoder> | undefined;
  private readonly toClose: (() => void | Promise<void>)[] = [];

  constructor() {
    after(async () => {
      for (const close of this.toClose.reverse()) await close();
    });
  }

  encoder = (): Promise<Encoder> => {
    this.encoding ??= openEncoder({
      modelDir: installation.model,
      workerPath: installation.encoderWorker,
      threads: 1,
    }).then((encoder) => {
      this.toClose.unshift(() => encoder.close());
      return encoder;
    });
    return this.encoding;
  };

  /** Writes files and indexes them. */
  async index(name: string, files: Readonly<Record<string, string>>): Promise<IndexedFolder> {
    const folder = path.join(this.dir, name);
    for (const [file, text] of Object.entries(files)) {
      const target = path.join(folder, file);
      mkdirSync(path.dirname(target), { recursive: true });
      writeFileSync(target, text);
    }
    const engine = await Engine.open({
      root: folder,
      home: path.join(this.dir, 'home'),
      threads: 1,
      holder: 'cli',
      installation,
      log: () => undefined,
    });
    await engine.update();
    const store = Store.open(engine.dir, { readOnly: true });
    const { info } = await this.encoder();
    const ann = await Ann.open(store, { encoder: info });
    this.toClose.push(
      () => engine.close(),
      () => store.close(),
      () => ann.close(),
    );
    return {
      engine,
      root: { root: engine.root, name, store, ann: () => Promise.resolve(ann), isShown: () => true },
    };
  }

  /** Unsaved texts of the roots. */
  overlays(roots: readonly WorkspaceRoot[], encoder = this.encoder): Overlays {
    const opening = Grammars.open({ dir: installation.grammars });
    const overlays = new Overlays({
      storeOf: (name) => roots.find(({ root }) => root === name)?.store,
      encoder,
      grammars: () => opening,
      budget: () => BUDGET,
      log: (line) => {
        throw new Error(line);
      },
    });
    this.toClose.push(async () => {
      overlays.dispose();
      (await opening).dispose();
    });
    return overlays;
  }
}

/** Files of two small programs, with a test, a page of documentation and some copies. */
export const SHOP: Readonly<Record<string, string>> = {
  'src/retry.ts': `/** Calls an action again until it succeeds. */
export async function retryWithBackoff<T>(action: () => Promise<T>, attempts: number): Promise<T> {
  let delay = 100;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await action();
    } catch (error) {
      if (attempt >= attempts) throw error;
      await sleep(delay);
      delay *= 2;
    }
  }
}
`,
  'src/download.ts': `import { retryWithBackoff } from './retry';

/** Fetches a file over HTTP and saves it. */
export async function downloadFile(url: string, target: string): Promise<void> {
  const response = await retryWithBackoff(() => fetch(url), 5);
  if (!response.ok) throw new Error('download failed');
  await writeFile(target, Buffer.from(await response.arrayBuffer()));
}
`,
  'src/invoice.ts': `/** Sums the lines of an invoice with tax. */
export function invoiceTotal(lines: readonly InvoiceLine[], taxRate: number): number {
  let total = 0;
  for (const line of lines) {
    total += line.quantity * line.unitPrice;
  }
  return Math.round(total * (1 + taxRate) * 100) / 100;
}
`,
  'tests/retry.test.ts': `test('retries with backoff until the action succeeds', async () => {
  let calls = 0;
  const value = await retryWithBackoff(async () => {
    calls += 1;
    if (calls < 3) throw new Error('not yet');
    return 'done';
  }, 5);
  assert.equal(value, 'done');
});
`,
  'docs/downloads.md': `# Downloads

Failed downloads are retried with exponential backoff. The delay doubles after each attempt.
`,
};
