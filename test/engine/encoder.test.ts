/** The encoder with its worker thread: what it gives, in which order, and how it ends. */
import assert from 'node:assert/strict';
import { readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { isAbort } from '../../src/base/cancellation';
import { NeosearchError, type ErrorCode } from '../../src/base/errors';
import { defaultThreads, openEncoder, type WorkerEncoder } from '../../src/engine/encoder/workerEncoder';
import {
  cosine,
  quantized,
  randomWeights,
  safetensors,
  SMALL,
  smallModel,
  smallTokenizer,
  temporaryFolder,
  writeModel,
} from './modelSupport';

const folder = temporaryFolder();
// Where ONNX Runtime's telemetry would keep its queue.
const home = path.join(folder.dir, 'home');
writeModel(home, {});
for (const name of ['HOME', 'XDG_CACHE_HOME', 'LOCALAPPDATA']) process.env[name] = home;

const workerPath = path.join(process.cwd(), 'dist/encoderWorker.js');
const modelDir = smallModel(path.join(folder.dir, 'model'));
let encoder: WorkerEncoder;
before(async () => {
  encoder = await openEncoder({ modelDir, workerPath, threads: 1 });
});
after(async () => {
  await encoder.close();
  folder.remove();
});

/** Texts that make many batches. */
const MANY = Array.from({ length: 60 }, (_, i) => 'get the user , '.repeat(20 + i));

/** Ids of tokens, with spaces between. */
function idsOf(tokens: string): number[] {
  const { vocab } = smallTokenizer()['model'] as { vocab: Record<string, number> };
  return tokens.split(' ').map((token) => vocab[token]!);
}

async function assertFails(work: Promise<unknown>, code: ErrorCode, pattern: RegExp): Promise<void> {
  await assert.rejects(work, (error) => {
    assert.ok(error instanceof NeosearchError, String(error));
    assert.equal(error.code, code);
    assert.match(error.message, pattern);
    return true;
  });
}

test('one unit vector per text, in the order of the texts, whatever their lengths', async () => {
  const texts = ['read file', '', 'get the user '.repeat(40), 'a', 'read file', 'b '.repeat(2000), '.'];
  const vectors = await encoder.encode(texts, 'passage');
  assert.equal(vectors.length, texts.length);
  for (const [i, text] of texts.entries()) {
    const vector = vectors[i]!;
    assert.equal(vector.length, encoder.info.dimensions);
    assert.ok(Math.abs(Math.hypot(...vector) - 1) < 1e-5);
    const [alone] = await encoder.encode([text], 'query');
    assert.ok(cosine(vector, alone!) > 0.99999, `text ${i}`);
  }
  assert.deepEqual(await encoder.encode([], 'query'), []);
});

test('what it says of itself', async () => {
  const { info } = encoder;
  assert.deepEqual(
    [info.name, info.dimensions, info.window, info.device],
    ['model', SMALL.hidden_size, SMALL.max_length, 'cpu'],
  );
  assert.equal(encoder.count('get the user'), 3);
  const card = { name: 'card', window: 8, queryPrefix: 'read ', preprocessing: ['split-identifiers'] };
  const other = await openEncoder({ modelDir: smallModel(path.join(folder.dir, 'card'), card), workerPath });
  try {
    assert.deepEqual([other.info.name, other.info.window], ['card', 8]);
    assert.notEqual(other.info.id, info.id);
    assert.equal(other.count('getUser_file'), 3);
    const [query] = await other.encode(['getUser_file and what the window cuts off'], 'query');
    const [cut] = await other.encodeTokens([idsOf('[CLS] read get user file a ##n [SEP]')]);
    assert.ok(cosine(query!, cut!) > 0.99999);
    const [passage] = await other.encode(['getUser'], 'passage');
    const [plain] = await other.encodeTokens([idsOf('[CLS] get user [SEP]')]);
    assert.ok(cosine(passage!, plain!) > 0.99999);
  } finally {
    await other.close();
  }
});

test('a query overtakes passages that wait', async () => {
  const done: string[] = [];
  const passages = encoder.encode(MANY, 'passage').then(() => done.push('passages'));
  const later = encoder.encode(['user'], 'passage').then(() => done.push('later passage'));
  const query = encoder.encode(['get user'], 'query').then(() => done.push('query'));
  await Promise.all([passages, later, query]);
  assert.deepEqual(done, ['query', 'passages', 'later passage']);
});

test('a request that is given up rejects at once and leaves the others alone', async () => {
  const controller = new AbortController();
  const given = encoder.encode(MANY, 'passage', { signal: controller.signal });
  const kept = encoder.encode(['read file'], 'passage');
  controller.abort();
  await assert.rejects(given, isAbort);
  assert.equal((await kept).length, 1);
  await assert.rejects(encoder.encode(['a'], 'query', { signal: controller.signal }), isAbort);
});

test('a signal that sends no events is asked while the work goes on', async () => {
  let asked = 0;
  const signal = {
    aborted: false,
    throwIfAborted(): void {
      asked += 1;
      if (asked > 3) throw new DOMException('given up', 'AbortError');
    },
  };
  await assert.rejects(encoder.encode(MANY, 'passage', { signal }), isAbort);
});

test('token ids are used as they are', async () => {
  const [asText] = await encoder.encode(['get the user'], 'passage');
  const ids = idsOf('[CLS] get the user [SEP]');
  const [asIds, other] = await encoder.encodeTokens([ids, ids.slice(1)]);
  assert.ok(cosine(asText!, asIds!) > 0.99999);
  assert.ok(cosine(asText!, other!) < 0.99999);
  const full = Array.from({ length: SMALL.max_length }, () => 1);
  assert.equal((await encoder.encodeTokens([full])).length, 1);
  await assertFails(encoder.encodeTokens([ids, []]), 'bad-argument', /Item 1 has no token ids/);
  await assertFails(encoder.encodeTokens([[64]]), 'bad-argument', /Item 0 has token id 64.*0 to 63/);
  await assertFails(encoder.encodeTokens([[-1]]), 'bad-argument', /token id -1/);
  await assertFails(encoder.encodeTokens([[...full, 1]]), 'bad-argument', /513 tokens.*512 positions/);
});

test('pooling and normalisation as asked; no tokenizer where none is needed', async () => {
  const dir = writeModel(path.join(folder.dir, 'bare'), {
    config: SMALL,
    weights: safetensors(quantized(randomWeights(SMALL)).int8),
  });
  const ids = [2, 5, 6, 7, 3];
  const [mean] = await encoder.encodeTokens([ids]);
  const open = (options: object): Promise<WorkerEncoder> =>
    openEncoder({ modelDir: dir, workerPath, tokenizer: false, ...options });
  const plain = await open({ normalize: false });
  const cls = await open({ pooling: 'cls' });
  try {
    const [raw] = await plain.encodeTokens([ids]);
    assert.ok(Math.abs(Math.hypot(...raw!) - 1) > 0.01);
    assert.ok(cosine(raw!, mean!) > 0.99999);
    const [first] = await cls.encodeTokens([ids]);
    assert.ok(cosine(first!, mean!) < 0.999);
    assert.equal(new Set([plain.info.id, cls.info.id, encoder.info.id]).size, 3);
  } finally {
    await Promise.all([plain.close(), cls.close()]);
  }
  await assertFails(openEncoder({ modelDir: dir, workerPath }), 'bad-model', /has no tokenizer\.json/);
});

test('a tokenizer of another model is refused', async () => {
  const dir = writeModel(path.join(folder.dir, 'foreign'), {
    config: { ...SMALL, vocab_size: 40 },
    weights: safetensors(randomWeights({ ...SMALL, vocab_size: 40 })),
    tokenizer: smallTokenizer(),
  });
  await assertFails(openEncoder({ modelDir: dir, workerPath }), 'bad-model', /different models/);
});

test('closing fails what waits, and what comes later', async () => {
  const other = await openEncoder({ modelDir, workerPath, threads: 1 });
  const waiting = other.encode(MANY, 'passage');
  const failed = assertFails(waiting, 'engine-failed', /closed/);
  await other.close();
  await failed;
  await assertFails(other.encode(['a'], 'query'), 'engine-failed', /closed/);
  await other.close();
});

test('a worker that dies fails what waits, and what comes later', async () => {
  const dying: Record<string, RegExp> = {
    'process.exit(3)': /ended with code 3/,
    "throw new Error('out of luck')": /out of luck/,
  };
  for (const [end, pattern] of Object.entries(dying)) {
    const script = path.join(folder.dir, 'dying.cjs');
    writeFileSync(
      script,
      `const { parentPort } = require('node:worker_threads');
      parentPort.on('message', () => { ${end} });
      parentPort.postMessage({ kind: 'ready' });`,
    );
    const other = await openEncoder({ modelDir, workerPath: script });
    await assertFails(other.encode(MANY, 'passage'), 'engine-failed', pattern);
    await assertFails(other.encode(['a'], 'query'), 'engine-failed', pattern);
    await other.close();
  }
  const none = path.join(folder.dir, 'none.cjs');
  await assertFails(openEncoder({ modelDir, workerPath: none }), 'engine-failed', /stopped working/);
});

test('threads by the number of logical cores', () => {
  const threads = [1, 2, 3, 4, 6, 8, 12, 16, 64].map(defaultThreads);
  assert.deepEqual(threads, [1, 2, 2, 2, 3, 4, 6, 8, 8]);
});

test('ONNX Runtime keeps no telemetry', () => {
  assert.equal(process.env['ORT_DISABLE_TELEMETRY'], '1');
  assert.deepEqual(readdirSync(home), []);
});
