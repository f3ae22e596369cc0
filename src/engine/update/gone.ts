/** Documents of the index whose files are no longer where they were: removed, or moved. */
export class Gone {
  /** Number of documents that were given. */
  readonly count: number;
  private readonly pathsByHash = new Map<string, string[]>();

  /** @param documents path to content hash */
  constructor(documents: Iterable<readonly [path: string, hash: string]>) {
    let count = 0;
    for (const [path, hash] of documents) {
      count += 1;
      const paths = this.pathsByHash.get(hash);
      if (paths === undefined) this.pathsByHash.set(hash, [path]);
      else paths.push(path);
    }
    this.count = count;
  }

  /** A document with that content, which then no longer counts as gone. */
  take(hash: string): string | undefined {
    return this.pathsByHash.get(hash)?.pop();
  }

  /** Gives a document back that was taken. */
  restore(hash: string, path: string): void {
    this.pathsByHash.get(hash)?.push(path);
  }

  /** Paths that nothing took. */
  *rest(): Iterable<string> {
    for (const paths of this.pathsByHash.values()) yield* paths;
  }
}
