/** Token ids of words, remembered: those used lately stay, the number of all is bounded. */

/** Words of one generation; at most two generations are kept, some 10 MB. */
const GENERATION = 32_768;
/** A longer word seldom comes again. */
const MAX_REMEMBERED = 64;

export class WordCache {
  private young = new Map<string, readonly number[]>();
  private old = new Map<string, readonly number[]>();

  /**
   * @param compute the ids of a word that is not remembered
   * @param generation words of one generation
   */
  constructor(
    private readonly compute: (word: string) => readonly number[],
    private readonly generation = GENERATION,
  ) {}

  /** Number of words that are remembered, less than two generations and one. */
  get size(): number {
    return this.young.size + this.old.size;
  }

  get(word: string): readonly number[] {
    const known = this.young.get(word);
    if (known !== undefined) return known;
    if (word.length > MAX_REMEMBERED) return this.compute(word);
    const aged = this.old.get(word);
    const ids = aged ?? this.compute(word);
    if (this.young.size >= this.generation) {
      this.old = this.young;
      this.young = new Map();
    }
    this.young.set(aged === undefined ? copyOf(word) : word, ids);
    return ids;
  }
}

/** The same characters in memory of their own: a slice keeps the whole text that it was cut from. */
function copyOf(word: string): string {
  return Buffer.from(word, 'utf16le').toString('utf16le');
}
