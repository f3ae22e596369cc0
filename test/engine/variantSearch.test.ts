/** Words that are misspelt, abbreviated or inflected, and qualified symbols, asked of an index. */
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { searchWorkspace, type WorkspaceShop } from '../../src/engine/search/workspace';
import type { WireAnswer } from '../../src/protocol/messages';
import { asking } from '../asking';
import { Folders, type IndexedFolder } from './workspaceSupport';

const FILES = {
  'src/invoice.ts': `export class Invoice {
  constructor(private readonly lines: readonly number[]) {}

  /** The sum of all lines. */
  total(): number {
    return this.lines.reduce((sum, line) => sum + line, 0);
  }
}
`,
  'src/basket.ts': `export class Basket {
  constructor(private readonly prices: readonly number[]) {}

  /** The sum of all prices. */
  total(): number {
    return this.prices.reduce((sum, price) => sum + price, 0);
  }
}
`,
  'src/authenticate.ts': `/** Lets a user in whose password is right. */
export function authenticateUser(name: string, password: string): boolean {
  return passwords.get(name) === password;
}
`,
  'src/configuration.ts': `/** Reads the configuration from the disk. */
export function loadConfiguration(file: string): Configuration {
  return JSON.parse(readFileSync(file, 'utf8'));
}
`,
  'src/vertex.ts': `/** A corner of a polygon. */
export function vertex(x: number, y: number): [number, number] {
  return [x, y];
}
`,
  'src/clock.ts': `/** Milliseconds since the program began. */
export function elapsed(): number {
  return performance.now();
}
`,
};

const folders = new Folders();
let folder: IndexedFolder;
let other: IndexedFolder;
before(async () => {
  folder = await folders.index('variants', FILES);
  other = await folders.index('other', {
    'src/sleep.ts': 'export const sleep = (ms: number) => wait(ms);\n',
  });
});

const alone = (): WorkspaceShop => ({ roots: [folder.root], encoder: folders.encoder });
const first = ({ hits }: WireAnswer): string | undefined => hits[0]?.path;

describe('search by words alone', () => {
  for (const [query, path] of [
    ['authentcate', 'src/authenticate.ts'],
    ['passwrod', 'src/authenticate.ts'],
    ['uathenticate', 'src/authenticate.ts'],
    ['authenticateUesr', 'src/authenticate.ts'],
    ['configuratoin', 'src/configuration.ts'],
    ['cnofigruation', 'src/configuration.ts'],
    ['cfg', 'src/configuration.ts'],
    ['auth', 'src/authenticate.ts'],
    ['vertices', 'src/vertex.ts'],
  ] as const) {
    test(`"${query}" finds ${path}`, async () => {
      const asked = asking(query, { mode: 'lexical' });
      assert.equal(first(await searchWorkspace(alone(), asked)), path);
      // Among several roots the statistics are computed elsewhere.
      const both = { ...alone(), roots: [other.root, folder.root] };
      assert.equal(first(await searchWorkspace(both, asked)), path);
    });
  }

  test('finds nothing for what is near no word', async () => {
    const { hits } = await searchWorkspace(alone(), asking('zzyzxqk', { mode: 'lexical' }));
    assert.deepEqual(hits, []);
  });

  test('finds a misspelt word in unsaved text', async () => {
    const overlays = folders.overlays([folder.root]);
    const text = '/** Where a moth lives. */\nexport function chrysalis(): string {\n  return "cocoon";\n}\n';
    overlays.set(folder.root.root, 'src/clock.ts', text);
    await overlays.whenIdle();
    const asked = asking('confguration', { mode: 'lexical' });
    const { hits } = await searchWorkspace({ ...alone(), overlays }, asked);
    assert.equal(hits[0]?.path, 'src/configuration.ts');
    assert.ok(hits.every(({ path }) => path !== 'src/clock.ts'));
    overlays.set(folder.root.root, 'src/clock.ts', `${text}// The configuration of a moth.\n`);
    await overlays.whenIdle();
    const later = await searchWorkspace({ ...alone(), overlays }, asked);
    assert.ok(later.hits.some(({ path }) => path === 'src/clock.ts'));
  });

  test('marks the word that was meant', async () => {
    const { hits } = await searchWorkspace(alone(), asking('passwrod', { mode: 'lexical' }));
    const [hit] = hits;
    assert.ok(hit?.marks.some(([start, end]) => hit.snippet.slice(start, end) === 'password'));
  });
});

test('a qualified symbol puts the definition inside its owner first', async () => {
  for (const [owner, path] of [
    ['Invoice', 'src/invoice.ts'],
    ['Basket', 'src/basket.ts'],
  ] as const) {
    for (const query of [`${owner}.total`, `${owner}::total()`, `${owner}#total`, `src/${owner}.total`]) {
      const { hits } = await searchWorkspace(alone(), asking(query));
      assert.equal(hits[0]?.path, path, query);
      assert.match(hits[0].snippet, /total\(\)/, query);
    }
  }
});
