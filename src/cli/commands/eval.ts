/** `neosearch eval`: measures search on a data set in BEIR layout. */
import { writeFile } from 'node:fs/promises';
import { messageOf, NeosearchError } from '../../base/errors';
import { openEncoder } from '../../engine/encoder/workerEncoder';
import { type BeirResult, evaluateBeir } from '../../engine/evaluate/beir';
import { MODES } from '../../engine/search/answer';
import { atMostOne, oneOf, parse } from '../args';
import { installation, modelStore } from '../installation';
import { ProgressBar } from '../progressBar';
import { type Command, EXIT } from './context';

export const USAGE =
  'eval --beir DIR --qrels FILE --run OUT.trec [--mode hybrid|semantic|lexical] [--model NAME|DIR] [--json]';

const FLAGS = {
  beir: { type: 'string' },
  qrels: { type: 'string' },
  run: { type: 'string' },
  mode: { type: 'string' },
  model: { type: 'string' },
  json: { type: 'boolean' },
} as const;

export const evaluate: Command = async (args, context) => {
  const { values, positionals } = parse(args, FLAGS, USAGE);
  const { beir, qrels, run } = values;
  if (
    beir === undefined ||
    qrels === undefined ||
    run === undefined ||
    atMostOne(positionals, USAGE) !== undefined
  ) {
    throw new NeosearchError(
      'bad-argument',
      `--beir, --qrels and --run are needed. Usage: neosearch ${USAGE}`,
    );
  }
  const mode = oneOf(values.mode, '--mode', MODES);
  const encoder = await openEncoder({
    modelDir: modelStore().resolve(values.model),
    workerPath: installation.encoderWorker,
  });
  const bar = new ProgressBar();
  try {
    const result = await evaluateBeir({
      dir: beir,
      qrels,
      mode,
      encoder,
      signal: context.signal,
      ...(values.json ? {} : { onProgress: bar.update }),
    });
    bar.end();
    await writeRun(run, result.rankings, `neosearch-${mode}`);
    const { ndcg10, mrr10, r100 } = result;
    await context.console.out(
      values.json
        ? JSON.stringify({ ndcg10, mrr10, r100 })
        : `NDCG@10 ${ndcg10.toFixed(4)}  MRR@10 ${mrr10.toFixed(4)}  R@100 ${r100.toFixed(4)}  (${result.rankings.size} queries, ${mode}, ${encoder.info.name})`,
    );
    return EXIT.success;
  } finally {
    bar.end();
    await encoder.close();
  }
};

/** The run in TREC's form: `qid Q0 docid rank score tag`. */
async function writeRun(file: string, rankings: BeirResult['rankings'], tag: string): Promise<void> {
  const lines: string[] = [];
  for (const [query, ranking] of rankings) {
    for (const [i, { id, score }] of ranking.entries())
      lines.push(`${query} Q0 ${id} ${i + 1} ${score} ${tag}`);
  }
  try {
    await writeFile(file, lines.map((line) => `${line}\n`).join(''));
  } catch (error) {
    throw new NeosearchError('bad-argument', `The run cannot be written: ${messageOf(error)}`, {
      cause: error,
    });
  }
}
