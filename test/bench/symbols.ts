/**
 * Whether a query that is a symbol has its definition first: names that two or more classes of one repository define,
 * asked in the ways in which people qualify them.
 *
 *   node out/test/bench/symbols.js DEV.json TREES
 *
 * The repositories must be indexed already (`neosearch index`, same NEOSEARCH_HOME).
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseQuery } from '../../src/core/query/query';
import { rank } from '../../src/core/rank/rank';
import { WEIGHTS } from '../../src/core/rank/weights';
import { describeEncoder } from '../../src/engine/encoder/describeEncoder';
import { openEncoder } from '../../src/engine/encoder/workerEncoder';
import { Ann } from '../../src/engine/index/ann';
import { canonicalRoot, indexDirFor, indexHome } from '../../src/engine/index/location';
import { Store } from '../../src/engine/index/store';
import { retrieve } from '../../src/engine/search/retrieve';

/** Symbols of one repository. */
const MOST = 40;
const FORMS: readonly ((owner: string, name: string) => string)[] = [
  (owner, name) => `${owner}.${name}`,
  (owner, name) => `${owner}::${name}()`,
  (owner, name) => `${owner}#${name}`,
];

interface Symbol {
  readonly owner: string;
  readonly name: string;
  /** Chunks that define it. */
  readonly chunks: Set<number>;
}

/** Methods outside tests and documentation whose name has other owners as well, spread over the index. */
function symbolsOf(store: Store): Symbol[] {
  const byName = new Map<string, Map<string, Symbol>>();
  for (const { path: file } of store.documents.all()) {
    for (const { id, breadcrumb, definitions, classes } of store.chunks.ofDocument(file)) {
      const owner = breadcrumb.at(-2);
      const name = breadcrumb.at(-1);
      if (owner === undefined || name === undefined || classes.length > 0) continue;
      if (!/^\w{2,}$/.test(owner) || !/^\w{3,}$/.test(name)) continue;
      if (!definitions.some((definition) => definition.name === name && definition.kind === 'method'))
        continue;
      const owners = byName.get(name) ?? new Map<string, Symbol>();
      byName.set(name, owners);
      const symbol = owners.get(owner) ?? { owner, name, chunks: new Set<number>() };
      owners.set(owner, symbol);
      symbol.chunks.add(id);
    }
  }
  const symbols = [...byName.values()].filter((owners) => owners.size > 1).flatMap((o) => [...o.values()]);
  const step = Math.max(1, Math.floor(symbols.length / MOST));
  return symbols.filter((_, i) => i % step === 0).slice(0, MOST);
}

async function main(): Promise<void> {
  const [dev, trees] = process.argv.slice(2);
  if (dev === undefined || trees === undefined) throw new Error('usage: symbols.js DEV.json TREES');
  const modelDir = path.resolve('media/model');
  const { id, dimensions } = await describeEncoder(modelDir);
  const encoder = await openEncoder({ modelDir, workerPath: path.resolve('dist/encoderWorker.js') });
  const { repos } = JSON.parse(readFileSync(dev, 'utf8')) as {
    repos: readonly { name: string; root: string | null }[];
  };
  let [asked, first, inThree] = [0, 0, 0];
  for (const { name: repository, root } of repos) {
    const tree = path.join(trees, repository, root ?? '');
    if (!existsSync(tree)) continue;
    const store = Store.open(indexDirFor(indexHome(), canonicalRoot(tree)), { readOnly: true });
    const ann = await Ann.open(store, { encoder: { id, dimensions } });
    for (const [i, { owner, name, chunks }] of symbolsOf(store).entries()) {
      const text = FORMS[i % FORMS.length]?.(owner, name) ?? name;
      const [vector] = await encoder.encode([text], 'query');
      const found = retrieve(store, ann, parseQuery(text), {
        vector,
        lexical: true,
        weights: WEIGHTS,
        limit: 10,
      });
      const hits = rank(found.candidates, found.terms, WEIGHTS);
      const at = hits.findIndex(({ candidate }) => chunks.has(candidate.chunkId));
      asked += 1;
      if (at === 0) first += 1;
      if (at >= 0 && at < 3) inThree += 1;
      else if (process.argv.includes('--worst')) {
        console.log(
          `${repository} ${text}: rank ${at + 1}, first ${hits[0]?.candidate.path}`,
          hits[0]?.candidate.breadcrumb.join('>'),
          hits[0]?.reasons.map((r) => `${r.signal} ${r.value.toFixed(2)}`).join(' '),
          '| own',
          hits[at]?.reasons.map((r) => `${r.signal} ${r.value.toFixed(2)}`).join(' '),
        );
      }
    }
    await ann.close();
    store.close();
  }
  await encoder.close();
  console.log(
    `${asked} qualified symbols: definition first ${(first / asked).toFixed(3)}, in the first three ${(inThree / asked).toFixed(3)}`,
  );
}

void main();
