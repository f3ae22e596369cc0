import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { hostTarget, listing, makePackage } from './packaging';
import { openZip, unpack } from './zip';

const execute = promisify(execFile);

/** Bytes that the compressed package may take, model included. */
const SIZE_LIMIT = 60_000_000;

describe('the .vsix of this machine', () => {
  const target = hostTarget();
  const folder = mkdtempSync(path.join(tmpdir(), 'neosearch-vsix-'));
  const extension = path.join(folder, 'installed', 'extension');
  let vsix = '';
  let entries: ReadonlyMap<string, () => Buffer> = new Map();

  before(async () => {
    await makePackage(target, folder);
    const [name = ''] = readdirSync(folder);
    vsix = path.join(folder, name);
    entries = openZip(vsix);
    unpack(entries, path.join(folder, 'installed'));
  });
  after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

  it('is named after target and version', () => {
    const version = textOf('package.json').match(/"version": "([^"]+)"/)?.[1];
    assert.equal(path.basename(vsix), `neosearch-${target}-${version ?? ''}.vsix`);
    const manifest = entries.get('extension.vsixmanifest')?.().toString() ?? '';
    assert.equal(/TargetPlatform="([^"]+)"/.exec(manifest)?.[1] ?? 'universal', target);
  });

  it(`takes less than ${SIZE_LIMIT / 1e6} MB`, (t) => {
    const { size } = statSync(vsix);
    t.diagnostic(`${path.basename(vsix)}: ${(size / 1e6).toFixed(1)} MB, ${entries.size} files`);
    assert.ok(size < SIZE_LIMIT, `${size} bytes`);
  });

  it('holds what the listing says', async () => {
    const listed = (await listing(target)).map((file) => `extension/${file.path}`);
    // The packer renames three files for the marketplace.
    const renamed = new Map([
      ['extension/README.md', 'extension/readme.md'],
      ['extension/CHANGELOG.md', 'extension/changelog.md'],
      ['extension/LICENSE', 'extension/LICENSE.txt'],
    ]);
    assert.deepEqual(
      [...entries.keys()].sort(),
      ['[Content_Types].xml', 'extension.vsixmanifest', ...listed.map((f) => renamed.get(f) ?? f)].sort(),
    );
  });

  it('needs no module that is not in it', () => {
    const missing = [...entries.keys()]
      .filter((name) => /^extension\/dist\/[^/]+\.js$/.test(name))
      .flatMap((name) =>
        [...textOf(name.slice('extension/'.length)).matchAll(/\b(?:require|import)\("([^"./][^"]*)"\)/g)].map(
          ([, module = '']) => module.replace(/^node:/, ''),
        ),
      )
      // What ajv writes into programs that it generates for other processes, which nobody asks it for.
      .filter((module) => !/^ajv(-formats)?\/dist\//.test(module))
      .filter((module) => module !== 'vscode' && !builtinModules.includes(module) && module !== 'sqlite')
      .filter((module) => !entries.has(`extension/dist/node_modules/${module}/package.json`));
    assert.deepEqual([...new Set(missing)], []);
  });

  it('has a README that stands by itself', () => {
    const links = [...textOf('readme.md').matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);
    assert.deepEqual(
      links.filter((link) => !/^(https:|data:image\/|#)/.test(link)),
      [],
    );
  });

  it('names the works of others that it carries', () => {
    const notices = textOf('THIRD_PARTY_NOTICES.md');
    const works = [
      '@huggingface/hub',
      'undici',
      '@huggingface/tokenizers',
      'ignore',
      'protobufjs',
      'web-tree-sitter',
      'onnxruntime-node',
    ];
    for (const work of works) {
      const carried = work !== 'onnxruntime-node' || target !== 'universal';
      assert.equal(notices.includes(`\n## ${work} `), carried, work);
    }
    assert.match(notices, /weights of all-MiniLM-L6-v2/);
    assert.match(notices, /- python: https:\/\/github\.com\/tree-sitter\/tree-sitter-python, \w+, MIT\. /);
  });

  it('searches from the installed folder, with nothing else around it', async () => {
    const workspace = path.join(folder, 'workspace');
    mkdirSync(workspace);
    writeFileSync(
      path.join(workspace, 'net.py'),
      'import time\n\ndef with_backoff(fetch, attempts):\n    for i in range(attempts):\n        try:\n            return fetch()\n        except OSError:\n            time.sleep(2 ** i)\n',
    );
    writeFileSync(path.join(workspace, 'color.py'), 'def mix(red, blue):\n    return (red + blue) / 2\n');
    const home = path.join(folder, 'home');
    const { stdout } = await execute(
      process.execPath,
      [
        path.join(extension, 'dist/cli.js'),
        'search',
        'retry a failed download',
        '--root',
        workspace,
        '--json',
      ],
      { env: bareEnvironment(home), cwd: folder },
    );
    assert.match(stdout, /^[\s\S]*?net\.py/);
    const status = await execute(
      process.execPath,
      [path.join(extension, 'dist/cli.js'), 'status', '--root', workspace],
      { env: bareEnvironment(home), cwd: folder },
    );
    assert.match(status.stdout, /encoder +neosearch-embedded/);
    if (entries.has('extension/dist/node_modules/hnswlib-node/package.json')) {
      assert.doesNotMatch(status.stdout, /hnswlib-node could not be loaded/);
    }
  });

  it('goes by words, and says so, where there is no ONNX Runtime', async () => {
    rmSync(path.join(extension, 'dist/node_modules'), { recursive: true });
    const workspace = path.join(folder, 'words');
    mkdirSync(workspace);
    writeFileSync(path.join(workspace, 'net.py'), 'def fetch_again(url):\n    return retry(url)\n');
    const env = bareEnvironment(path.join(folder, 'wordsHome'));
    const cli = path.join(extension, 'dist/cli.js');
    const found = await execute(
      process.execPath,
      [cli, 'search', 'retry a fetch', '--root', workspace, '--json'],
      {
        env,
        cwd: folder,
      },
    );
    assert.match(found.stdout, /net\.py/);
    assert.match(found.stderr, /^neosearch: ONNX Runtime cannot be loaded on [^\n]*\n$/);
    const status = await execute(process.execPath, [cli, 'status', '--root', workspace], {
      env,
      cwd: folder,
    });
    assert.match(status.stdout, /device +none \(ONNX Runtime is not installed/);
    const meaning = execute(
      process.execPath,
      [cli, 'search', 'retry', '--mode', 'semantic', '--root', workspace],
      {
        env,
        cwd: folder,
      },
    );
    await assert.rejects(meaning, /Only words are searched/);
  });

  function textOf(name: string): string {
    const content = entries.get(`extension/${name}`);
    assert.ok(content !== undefined, `${name} is missing`);
    return content().toString('utf8');
  }
});

/** No path to modules or to Node's options leads anywhere; the index goes into `home`. */
function bareEnvironment(home: string): NodeJS.ProcessEnv {
  const { PATH, SystemRoot, TEMP } = process.env;
  return { PATH, SystemRoot, TEMP, HOME: home, USERPROFILE: home, NEOSEARCH_HOME: path.join(home, 'index') };
}
