/** Which files of a repository a model needs: its card, its tokenizer, and one form of its weights. */
import { NeosearchError } from '../../base/errors';
import { EXACT_GRAPHS, HALF_GRAPHS, QUANTIZED_GRAPHS, WEIGHTS_FILE } from '../../base/modelFiles';
import type { Fields } from '../model/folder';
import type { RemoteFile, RemoteRepository } from './repository';

/** NeoBERT's weights, or an ONNX graph of any architecture. */
export type ModelForm = 'neobert' | 'onnx';

export interface ChosenFiles {
  readonly form: ModelForm;
  /** Config first. */
  readonly files: readonly RemoteFile[];
}

export const CONFIG = 'config.json';
const TOKENIZER = 'tokenizer.json';
const SHARDS = 'model.safetensors.index.json';
/** Taken where there are any. */
const CARDS = [
  'neosearch.json',
  'tokenizer_config.json',
  'special_tokens_map.json',
  'modules.json',
  '1_Pooling/config.json',
  'config_sentence_transformers.json',
  'sentence_bert_config.json',
];
/** The most exact first. */
const GRAPHS = [...EXACT_GRAPHS, ...HALF_GRAPHS, ...QUANTIZED_GRAPHS];
/** What follows a graph's name in the names of the files that hold its weights. */
const EXTERNAL = /^(_data(_\d+)?|\.data)$/;

/**
 * NeoBERT's weights are preferred to a graph, unless a quantized graph is asked for.
 * @param config the fields of the repository's config.json
 * @throws NeosearchError `bad-model` with the reason, for a repository of neither form
 */
export function chooseFiles(repository: RemoteRepository, config: Fields, quantized: boolean): ChosenFiles {
  const byPath = new Map(repository.files.map((file) => [file.path, file]));
  const taken = (paths: readonly string[]): RemoteFile[] => paths.flatMap((path) => byPath.get(path) ?? []);
  if (!byPath.has(TOKENIZER)) {
    throw refused(repository, `it has no ${TOKENIZER} (a tokenizer in the form of the tokenizers library)`);
  }
  const common = taken([CONFIG, TOKENIZER, ...CARDS]);
  const weights = byPath.get(WEIGHTS_FILE);
  const neobert = config['model_type'] === 'neobert';
  if (neobert && weights !== undefined && !quantized) return { form: 'neobert', files: [...common, weights] };
  const graph = taken(quantized ? QUANTIZED_GRAPHS : GRAPHS)[0];
  if (graph === undefined) throw refused(repository, reasonFor(config, byPath, quantized));
  const external = repository.files.filter(
    ({ path }) => path.startsWith(graph.path) && EXTERNAL.test(path.slice(graph.path.length)),
  );
  return { form: 'onnx', files: [...common, graph, ...external] };
}

/** The config.json of a repository, by which the rest is chosen. */
export function configOf(repository: RemoteRepository): RemoteFile {
  const config = repository.files.find(({ path }) => path === CONFIG);
  if (config === undefined) throw refused(repository, `it has no ${CONFIG}`);
  return config;
}

function reasonFor(config: Fields, byPath: ReadonlyMap<string, RemoteFile>, quantized: boolean): string {
  if (quantized) return `it has no quantized graph (${QUANTIZED_GRAPHS[0] ?? ''})`;
  const architecture = JSON.stringify(config['model_type'] ?? 'none');
  if (config['model_type'] !== 'neobert') {
    return `its architecture is ${architecture}, not "neobert", and it has no ONNX export (${GRAPHS[0] ?? ''})`;
  }
  return byPath.has(SHARDS)
    ? `its weights are divided into several files (${SHARDS}), which cannot be read here, and it has no ONNX export`
    : `it has neither ${WEIGHTS_FILE} nor an ONNX export (${GRAPHS[0] ?? ''})`;
}

function refused({ name }: RemoteRepository, reason: string): NeosearchError {
  return new NeosearchError(
    'bad-model',
    `${name} cannot be used as an encoder here: ${reason}. Pull another repository.`,
  );
}
