/**
 * From text to token ids. The library does the work; in front of it words are remembered, since code repeats its
 * words and the library takes some microseconds for each.
 */
import path from 'node:path';
import { Tokenizer as Library } from '@huggingface/tokenizers';
import { messageOf, NeosearchError } from '../../base/errors';
import { type Fields, isFields, missingFile, readFields } from '../model/folder';
import { WordCache } from './wordCache';
import { wordsOf } from './words';

export class Tokenizer {
  private readonly words = new WordCache((word) => this.throughLibrary(word));
  /** Ids in front of and behind a text, [CLS] and [SEP] for BERT. */
  private readonly before: readonly number[];
  private readonly after: readonly number[];

  private constructor(
    private readonly library: Library,
    /** Whether words can be tokenized one by one: BERT's normalizer, pre-tokenizer and WordPiece. */
    private readonly byWord: boolean,
    /** Matches what the library would cut out of a text as one token, such as [MASK]. */
    private readonly addedTokens: RegExp | undefined,
  ) {
    const whole = library.encode('a').ids;
    const bare = this.throughLibrary('a');
    const start = whole.findIndex((_, i) => bare.every((id, j) => whole[i + j] === id));
    if (start < 0) throw new TypeError('its special tokens do not stand around a text');
    this.before = whole.slice(0, start);
    this.after = whole.slice(start + bare.length);
  }

  /** @throws NeosearchError `bad-model` when tokenizer.json is missing, damaged or of an unknown kind */
  static async open(dir: string): Promise<Tokenizer> {
    const file = path.join(dir, 'tokenizer.json');
    const definition = await readFields(file);
    if (definition === undefined) throw missingFile(file);
    const config = (await readFields(path.join(dir, 'tokenizer_config.json'))) ?? {};
    try {
      return new Tokenizer(
        new Library(definition, config),
        isWordwise(definition, config),
        addedTokens(definition),
      );
    } catch (error) {
      throw new NeosearchError('bad-model', `${file} cannot be used: ${messageOf(error)}.`, { cause: error });
    }
  }

  /** The greatest id that a text can have. */
  get greatestId(): number {
    return [...this.library.get_vocab().values()].reduce((a, b) => Math.max(a, b), 0);
  }

  /** Number of tokens, special ones not counted. */
  count(text: string): number {
    if (!this.isWordwise(text)) return this.throughLibrary(text).length;
    let count = 0;
    for (const word of wordsOf(text)) count += this.words.get(word).length;
    return count;
  }

  /** Token ids with the special ones, cut to `window` in all; the special tokens stay. */
  encode(text: string, window: number): number[] {
    const room = Math.max(0, window - this.before.length - this.after.length);
    return [...this.before, ...this.ids(text, room), ...this.after];
  }

  private ids(text: string, limit: number): number[] {
    if (!this.isWordwise(text)) return this.throughLibrary(text).slice(0, limit);
    const ids: number[] = [];
    for (const word of wordsOf(text)) {
      if (ids.length >= limit) break;
      for (const id of this.words.get(word)) ids.push(id);
    }
    ids.length = Math.min(ids.length, limit);
    return ids;
  }

  private isWordwise(text: string): boolean {
    return this.byWord && this.addedTokens?.test(text) !== true;
  }

  private throughLibrary(text: string): number[] {
    return this.library.encode(text, { add_special_tokens: false }).ids;
  }
}

/** Settings of the library that look at more than one word. */
const ACROSS_WORDS = ['remove_space', 'do_lowercase_and_remove_accent'];

function isWordwise(definition: Fields, config: Fields): boolean {
  const part = (name: string): Fields => {
    const value = definition[name];
    return isFields(value) ? value : {};
  };
  return (
    part('normalizer')['type'] === 'BertNormalizer' &&
    part('pre_tokenizer')['type'] === 'BertPreTokenizer' &&
    part('model')['type'] === 'WordPiece' &&
    part('model')['fuse_unk'] !== true &&
    ACROSS_WORDS.every((name) => config[name] !== true) &&
    !addedTokenFields(definition).some(isNormalized)
  );
}

/** Whether the library looks for an added token in the normalized text. */
function isNormalized({ normalized, special }: Fields): boolean {
  return typeof normalized === 'boolean' ? normalized : special !== true;
}

function addedTokens(definition: Fields): RegExp | undefined {
  const contents = addedTokenFields(definition)
    .map(({ content }) => content)
    .filter((content): content is string => typeof content === 'string' && content !== '')
    .map((content) => content.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return contents.length > 0 ? new RegExp(contents.join('|')) : undefined;
}

function addedTokenFields(definition: Fields): Fields[] {
  const added = definition['added_tokens'];
  return Array.isArray(added) ? added.filter(isFields) : [];
}
