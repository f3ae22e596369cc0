/** Search measured on a data set in BEIR layout: corpus.jsonl, queries.jsonl and a file of judgements. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { messageOf, NeosearchError, systemCodeOf } from '../../base/errors';
import type { Chunk } from '../../core/corpus/document';
import type { Encoder } from '../../core/encode/encoder';
import { ndcg, recall, reciprocalRank, type Judgements } from '../../core/evaluate/metrics';
import { chunkTerms } from '../../core/query/chunkTerms';
import { passageOf } from '../../core/encode/passage';
import { WEIGHTS } from '../../core/rank/weights';
import { Ann } from '../index/ann';
import { Store } from '../index/store';
import { WriterLock } from '../index/writerLock';
import type { Mode } from '../search/answer';
import { search } from '../search/searcher';
import type { WorkspaceShop } from '../search/workspace';
import { encodePending } from '../update/encodePending';
import { Tally } from '../update/tally';
import type { UpdateProgress } from '../update/progress';

export interface BeirOptions {
  /** Folder with corpus.jsonl and queries.jsonl. */
  readonly dir: string;
  /** File of judgements: query id, document id and grade, separated by tabs. */
  readonly qrels: string;
  readonly mode: Mode;
  readonly encoder: Encoder;
  readonly onProgress?: (progress: UpdateProgress) => void;
  readonly signal: AbortSignal;
}

export interface BeirResult {
  /** For each query of the judgements, in their order: document ids and scores, best first, at most 100. */
  readonly rankings: ReadonlyMap<string, readonly { readonly id: string; readonly score: number }[]>;
  readonly ndcg10: number;
  readonly mrr10: number;
  readonly r100: number;
}

const DEPTH = 100;

/**
 * Indexes every document as one passage with one vector, in a folder of its own that is removed afterwards,
 * and asks the queries that have judgements.
 * @throws NeosearchError `bad-argument` for a file that is missing or malformed
 */
export async function evaluateBeir(options: BeirOptions): Promise<BeirResult> {
  const judgements = await readJudgements(options.qrels);
  const queries = new Map<string, string>();
  for await (const { id, text } of records(path.join(options.dir, 'queries.jsonl'))) queries.set(id, text);
  const dir = await mkdtemp(path.join(tmpdir(), 'neosearch-eval-'));
  const lock = WriterLock.tryAcquire(dir, { what: 'cli' });
  if (lock === undefined) throw new NeosearchError('index-busy', `${dir} is being written by somebody else.`);
  const { encoder } = options;
  const identity = { id: encoder.info.id, dimensions: encoder.info.dimensions };
  const store = Store.open(dir, { lock, build: 'beir', encoder: identity });
  try {
    const tally = new Tally(options.onProgress);
    await putCorpus(store, path.join(options.dir, 'corpus.jsonl'), encoder, tally);
    tally.encoding();
    if (options.mode !== 'lexical') {
      await encodePending(
        { store, encoder: () => Promise.resolve(encoder) },
        tally,
        { done: true },
        options.signal,
      );
    }
    const ann = await Ann.open(store, { encoder: identity, threshold: Infinity });
    const shop: WorkspaceShop = {
      roots: [{ root: dir, name: options.dir, store, ann: () => Promise.resolve(ann), isShown: () => true }],
      encoder: () => Promise.resolve(encoder),
      // The documents' ids are no paths: they say nothing.
      weights: { ...WEIGHTS, path: 0, fields: { ...WEIGHTS.fields, path: 0 } },
    };
    const rankings = new Map<string, { id: string; score: number }[]>();
    for (const id of judgements.keys()) {
      const text = queries.get(id);
      if (text === undefined) throw new NeosearchError('bad-argument', `queries.jsonl has no query "${id}".`);
      const { hits } = await search(shop, plain(text), {
        mode: options.mode,
        limit: DEPTH,
        perFile: 1,
        snippetLines: 1,
        signal: options.signal,
      });
      rankings.set(
        id,
        hits.map(({ path: document, score }) => ({ id: document, score })),
      );
    }
    return { rankings, ...measure(rankings, judgements) };
  } finally {
    store.close();
    lock.release();
    await rm(dir, { recursive: true, force: true });
  }
}

/** A benchmark's query asks in words only: what looks like a filter in it is text. */
function plain(query: string): string {
  return query.replace(/["]/g, ' ').replace(/\b(path|lang):/gi, '$1 ');
}

function measure(
  rankings: BeirResult['rankings'],
  judgements: ReadonlyMap<string, Judgements>,
): Pick<BeirResult, 'ndcg10' | 'mrr10' | 'r100'> {
  const mean = (of: (ranking: readonly string[], judged: Judgements) => number): number => {
    let sum = 0;
    for (const [id, judged] of judgements)
      sum += of(
        (rankings.get(id) ?? []).map((hit) => hit.id),
        judged,
      );
    return judgements.size > 0 ? sum / judgements.size : 0;
  };
  return {
    ndcg10: mean((ranking, judged) => ndcg(ranking, judged, 10)),
    mrr10: mean((ranking, judged) => reciprocalRank(ranking, judged, 10)),
    r100: mean((ranking, judged) => recall(ranking, judged, DEPTH)),
  };
}

async function putCorpus(store: Store, file: string, encoder: Encoder, tally: Tally): Promise<void> {
  for await (const { id, title, text: body } of records(file)) {
    const text = `${title}\n${body}`;
    const chunk: Chunk = {
      start: 0,
      end: text.length,
      startLine: 1,
      endLine: text.split('\n').length,
      kind: 'data',
      breadcrumb: [],
      definitions: [],
      text,
      tokens: encoder.count(text),
    };
    const hash = createHash('sha256').update(passageOf(chunk)).digest('hex');
    store.documents.put(
      {
        path: id,
        language: 'plaintext',
        size: text.length,
        mtime: 0,
        hash,
        lines: chunk.endLine,
        classes: [],
      },
      [{ chunk, hash, terms: chunkTerms(chunk, '') }],
    );
    tally.found();
    tally.read({ reused: 0, waiting: 1, tokens: chunk.tokens });
  }
}

interface BeirRecord {
  readonly id: string;
  readonly title: string;
  readonly text: string;
}

async function* records(file: string): AsyncGenerator<BeirRecord> {
  const lines = createInterface({ input: createReadStream(file, 'utf8'), crlfDelay: Infinity });
  let number = 0;
  try {
    for await (const line of lines) {
      number += 1;
      if (line.trim() !== '') yield recordOf(line, `${file}, line ${number}`);
    }
  } catch (error) {
    if (systemCodeOf(error) === undefined) throw error;
    throw new NeosearchError('bad-argument', `${file} cannot be read: ${messageOf(error)}`, { cause: error });
  }
}

function recordOf(line: string, place: string): BeirRecord {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    throw new NeosearchError('bad-argument', `${place}: not JSON: ${messageOf(error)}`, { cause: error });
  }
  const { _id: id, title, text } = (value ?? {}) as Partial<Record<string, unknown>>;
  if (typeof id !== 'string' || typeof text !== 'string') {
    throw new NeosearchError('bad-argument', `${place}: expected {"_id": "...", "text": "..."}.`);
  }
  return { id, text, title: typeof title === 'string' ? title : '' };
}

/** Query id to its judgements, in the order of the file. */
async function readJudgements(file: string): Promise<Map<string, Map<string, number>>> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw new NeosearchError('bad-argument', `The judgements cannot be read: ${messageOf(error)}`, {
      cause: error,
    });
  }
  const judgements = new Map<string, Map<string, number>>();
  for (const [i, line] of text.split(/\r?\n/).entries()) {
    const [query, document, grade, extra] = line.split('\t');
    if (line.trim() === '' || (i === 0 && grade === 'score')) continue;
    const value = Number(grade);
    if (
      query === undefined ||
      document === undefined ||
      grade === undefined ||
      extra !== undefined ||
      !Number.isFinite(value)
    ) {
      throw new NeosearchError(
        'bad-argument',
        `${file}, line ${i + 1}: expected query id, document id and grade, separated by tabs.`,
      );
    }
    const of = judgements.get(query) ?? new Map<string, number>();
    judgements.set(query, of.set(document, value));
  }
  if (judgements.size === 0) throw new NeosearchError('bad-argument', `${file} holds no judgements.`);
  return judgements;
}
