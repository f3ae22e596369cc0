/** The files by which sentence-transformers says how a model is used. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { messageOf, NeosearchError } from '../../base/errors';
import type { Pooling } from './card';
import { type Fields, isFields, isMissing, readFields, unreadable, wholeField, wrongField } from './folder';

/** What is put in front of a text, by its role. */
export interface Prompts {
  readonly query: string;
  readonly passage: string;
}

/** Modules that are computed here; any other would change the vectors. */
const MODULES = ['Transformer', 'Pooling', 'Normalize'];
const POOLING_FOLDER = '1_Pooling';
/** Names of kinds of pooling: flags of their own, or (since sentence-transformers 5) a value of `pooling_mode`. */
const KINDS = new Map<unknown, Pooling>([
  ['pooling_mode_mean_tokens', 'mean'],
  ['mean', 'mean'],
  ['pooling_mode_cls_token', 'cls'],
  ['cls', 'cls'],
  ['pooling_mode_lasttoken', 'lasttoken'],
  ['lasttoken', 'lasttoken'],
]);
/** Names that prompts go by. */
const QUERY_PROMPTS = ['query', 'search_query'];
const PASSAGE_PROMPTS = ['passage', 'document', 'search_document', 'corpus'];

/**
 * The pooling of modules.json's Pooling module, or of 1_Pooling where there is no modules.json.
 * @returns undefined where nothing is said
 * @throws NeosearchError `bad-model` for modules and poolings that are not known here
 */
export async function readPooling(dir: string): Promise<Pooling | undefined> {
  const file = path.join(dir, await poolingFolder(dir), 'config.json');
  const fields = await readFields(file);
  if (fields === undefined) return undefined;
  const flags = Object.keys(fields).filter(
    (name) => name.startsWith('pooling_mode_') && fields[name] === true,
  );
  const kind = fields['pooling_mode'] ?? flags.join(' and ');
  const pooling = KINDS.get(kind);
  const { query, passage } = await readPrompts(dir);
  if (fields['include_prompt'] === false && query + passage !== '') {
    throw wrongField(file, fields, 'include_prompt', 'true: the tokens of a prompt are pooled with the text');
  }
  if (pooling !== undefined) return pooling;
  throw new NeosearchError(
    'bad-model',
    `${file}: the pooling is ${JSON.stringify(kind)}; only mean, cls and lasttoken are known here. Choose one of them with --pooling, or as "pooling" in neosearch.json.`,
  );
}

/** @throws NeosearchError `bad-model` for a module that is not computed here */
async function poolingFolder(dir: string): Promise<string> {
  const file = path.join(dir, 'modules.json');
  let folder = POOLING_FOLDER;
  for (const module of await readModules(file)) {
    const type = typeof module['type'] === 'string' ? module['type'] : '';
    const kind = type.slice(type.lastIndexOf('.') + 1);
    if (!MODULES.includes(kind)) {
      throw new NeosearchError(
        'bad-model',
        `${file} lists the module ${JSON.stringify(module['type'])}; only ${MODULES.join(', ')} are computed here.`,
      );
    }
    if (kind === 'Pooling' && typeof module['path'] === 'string') folder = module['path'];
  }
  return folder;
}

/** @returns no modules where there is no such file */
async function readModules(file: string): Promise<readonly Fields[]> {
  let modules: unknown;
  try {
    modules = JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    if (isMissing(error)) return [];
    if (!(error instanceof SyntaxError)) throw unreadable(file, error);
    throw new NeosearchError('bad-model', `${file} is not JSON: ${messageOf(error)}.`, { cause: error });
  }
  if (Array.isArray(modules) && modules.every(isFields)) return modules;
  throw new NeosearchError('bad-model', `${file} must hold a list of JSON objects.`);
}

/** The prompts of config_sentence_transformers.json; empty ones where there are none. @throws NeosearchError `bad-model` */
export async function readPrompts(dir: string): Promise<Prompts> {
  const file = path.join(dir, 'config_sentence_transformers.json');
  const fields = (await readFields(file)) ?? {};
  const prompts = fields['prompts'] ?? {};
  if (!isFields(prompts)) throw wrongField(file, fields, 'prompts', 'a JSON object');
  const usual = fields['default_prompt_name'];
  const names = typeof usual === 'string' ? [usual] : [];
  const find = (candidates: readonly string[]): string => {
    const name = candidates.find((candidate) => Object.hasOwn(prompts, candidate));
    if (name === undefined) return '';
    const prompt = prompts[name];
    if (typeof prompt !== 'string') throw wrongField(file, prompts, name, 'a string');
    return prompt;
  };
  return { query: find([...QUERY_PROMPTS, ...names]), passage: find([...PASSAGE_PROMPTS, ...names]) };
}

/** Most tokens of a text by sentence_bert_config.json, special ones included. @throws NeosearchError `bad-model` */
export async function readLongestText(dir: string): Promise<number | undefined> {
  const file = path.join(dir, 'sentence_bert_config.json');
  const fields = await readFields(file);
  // It may be null: the tokenizer's own.
  if (fields === undefined || fields['max_seq_length'] === null) return undefined;
  return wholeField(file, fields, 'max_seq_length');
}
