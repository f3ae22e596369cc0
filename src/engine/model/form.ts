/** In which form a folder holds its model: NeoBERT's weights, or an ONNX export of any architecture. */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { NeosearchError } from '../../base/errors';
import { GRAPH_FILES, WEIGHTS_FILE } from '../../base/modelFiles';
import { type ModelConfig, readConfig } from './config';
import { isMissing, missingFile, readFields, unreadable } from './folder';
import { type GraphConfig, readGraphConfig } from './graphConfig';

export type ModelForm =
  | { readonly kind: 'neobert'; readonly config: ModelConfig; readonly weights: string }
  /** `graph` is a file, whose weights may lie in others beside it. */
  | { readonly kind: 'graph'; readonly config: GraphConfig; readonly graph: string };

/**
 * NeoBERT's weights are preferred to a graph.
 * @throws NeosearchError `bad-model` naming the files that were looked for
 */
export async function readForm(dir: string): Promise<ModelForm> {
  const file = path.join(dir, 'config.json');
  const fields = await readFields(file);
  if (fields === undefined) throw missingFile(file);
  const weights = path.join(dir, WEIGHTS_FILE);
  const architecture = fields['model_type'];
  const graph = await findGraph(dir);
  if (architecture === 'neobert' && (graph === undefined || (await isFile(weights)))) {
    return { kind: 'neobert', config: await readConfig(dir), weights };
  }
  if (graph !== undefined) return { kind: 'graph', config: await readGraphConfig(dir), graph };
  const found =
    architecture === undefined ? 'lacks model_type' : `has model_type ${JSON.stringify(architecture)}`;
  throw new NeosearchError(
    'bad-model',
    `${file} ${found}. Only "neobert" runs from its weights; any other architecture needs an ONNX export, and ${dir} has none of ${GRAPH_FILES.join(', ')}.`,
  );
}

async function findGraph(dir: string): Promise<string | undefined> {
  for (const name of GRAPH_FILES) {
    const file = path.join(dir, name);
    if (await isFile(file)) return file;
  }
  return undefined;
}

async function isFile(file: string): Promise<boolean> {
  try {
    return (await stat(file)).isFile();
  } catch (error) {
    if (isMissing(error)) return false;
    throw unreadable(file, error);
  }
}
