/** The walk: what is taken, what is left out and why, in which order, and what happens when reading fails. */
import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { after, describe, it, mock } from 'node:test';
import { NeosearchError } from '../../src/base/errors';
import { crawl } from '../../src/engine/crawl/crawl';
import { skipReasons } from '../../src/engine/crawl/skipReason';
import { entriesOf, filesOf, noSettings, skippedOf, withFolder } from './crawlFolders';

const posix = process.platform !== 'win32';

describe('crawl', () => {
  it('takes the files of a folder that is no repository, with size and time', () =>
    withFolder({ 'a.py': 'x = 1\n', 'sub/b.md': '# B\n' }, async (root) => {
      const entries = await entriesOf(root);
      assert.deepEqual(
        entries.map((entry) => entry.path),
        ['a.py', 'sub/b.md'],
      );
      const [first] = entries;
      assert.ok(first?.type === 'file');
      const { mtimeMs } = await fs.stat(path.join(root, 'a.py'));
      assert.deepEqual(first, {
        type: 'file',
        path: 'a.py',
        absolutePath: path.join(root, 'a.py'),
        size: 6,
        mtimeMs,
        wanted: false,
      });
    }));

  it('gives nothing for an empty folder', () =>
    withFolder({ 'sub/deeper/': '' }, async (root) => assert.deepEqual(await entriesOf(root), [])));

  it('sorts whole paths by code units, whatever is a folder', () =>
    withFolder(
      {
        'a/b/1': '1',
        'a/b.c/1': '1',
        'a/b-1': '1',
        'a.txt': '1',
        'a-b': '1',
        a0: '1',
        'B/x': '1',
        'é/1': '1',
      },
      async (root) => {
        const paths = await filesOf(root, { concurrency: 2 });
        assert.deepEqual(paths, [...paths].sort());
        assert.deepEqual(paths.slice(0, 6), ['B/x', 'a-b', 'a.txt', 'a/b-1', 'a/b.c/1', 'a/b/1']);
      },
    ));

  it('names a reason for every kind of file that is left out', () =>
    withFolder(
      {
        'photo.PNG': 'x',
        'icon.svg': '<svg/>',
        'lib.so': 'x',
        'model.onnx': 'x',
        'server.pem': 'x',
        'package-lock.json': '{}',
        'Cargo.lock': 'x',
        'go.sum': 'x',
        'app.min.js': 'x',
        'app.js.map': '{}',
        'api.pb.go': 'package api',
        'model_pb2.py': 'x',
        'empty.py': '',
        'big.c': 'x'.repeat(2000),
        'big.ipynb': 'x'.repeat(2000),
        'table.csv': 'a,b\n'.repeat(20000),
        'data.json': ' '.repeat(300_000),
        'small.csv': 'a,b\n',
        'backup.py~': 'x',
        a: 'a file whose name is only what would be an ending',
        '.eslintrc': '{}',
      },
      async (root) => {
        assert.deepEqual(await skippedOf(root, { maxFileBytes: 1000 }), {
          'Cargo.lock': 'lock-file',
          'api.pb.go': 'generated',
          'app.js.map': 'minified',
          'app.min.js': 'minified',
          'backup.py~': 'tool-data',
          'big.c': 'too-large',
          'data.json': 'too-large',
          'empty.py': 'empty',
          'go.sum': 'lock-file',
          'icon.svg': 'media',
          'lib.so': 'binary',
          'model.onnx': 'binary',
          'model_pb2.py': 'generated',
          'package-lock.json': 'lock-file',
          'photo.PNG': 'media',
          'server.pem': 'key',
          'table.csv': 'too-large',
        });
        const usual = await skippedOf(root);
        assert.equal(usual['table.csv'], 'data');
        assert.equal(usual['data.json'], 'data');
        assert.deepEqual(
          (await filesOf(root)).filter((name) => name.length < 10),
          ['.eslintrc', 'a', 'big.c', 'big.ipynb', 'small.csv'],
        );
      },
    ));

  it('leaves out the folders of tools, but not ordinary folders of the same name', () =>
    withFolder(
      {
        '.github/workflows/ci.yml': 'on: push',
        '.git/config': '',
        '.svn/entries': 'x',
        'node_modules/a/index.js': 'x',
        'src/node_modules/b/index.js': 'x',
        '__pycache__/a.txt': 'x',
        'myenv/pyvenv.cfg': 'x',
        'myenv/lib/a.py': 'x',
        'cached/CACHEDIR.TAG': 'Signature: 8a477f597d28d172789f06886806bc55',
        'cached/a.txt': 'x',
        'rust/Cargo.toml': 'x',
        'rust/target/debug/a.txt': 'x',
        'plain/target/a.txt': 'x',
        'plain/vendor/a.go': 'x',
        'php/composer.json': '{}',
        'php/vendor/a.php': 'x',
        'here/pyvenv.cfg': 'x',
        'here/pyproject.toml': 'x',
        'here/main.py': 'x',
        'lib/foo.egg-info/PKG-INFO': 'x',
      },
      async (root) => {
        assert.deepEqual(await skippedOf(root), {
          '.git': 'version-control',
          '.svn': 'version-control',
          __pycache__: 'tool-data',
          cached: 'tool-data',
          'lib/foo.egg-info': 'build-output',
          myenv: 'dependencies',
          node_modules: 'dependencies',
          'php/vendor': 'dependencies',
          'rust/target': 'build-output',
          'src/node_modules': 'dependencies',
        });
        assert.deepEqual(await filesOf(root), [
          '.github/workflows/ci.yml',
          'here/main.py',
          'here/pyproject.toml',
          'here/pyvenv.cfg',
          'php/composer.json',
          'plain/target/a.txt',
          'plain/vendor/a.go',
          'rust/Cargo.toml',
        ]);
      },
    ));

  it('takes a named root, whatever its name and contents say', () =>
    withFolder(
      {
        'node_modules/pkg/index.js': 'x',
        'node_modules/pkg/node_modules/inner/index.js': 'x',
        'venv/pyvenv.cfg': 'x',
        'venv/lib/a.py': 'x',
      },
      async (folder) => {
        assert.deepEqual(await filesOf(path.join(folder, 'node_modules')), ['pkg/index.js']);
        assert.deepEqual(await filesOf(path.join(folder, 'node_modules', 'pkg')), ['index.js']);
        assert.deepEqual(await filesOf(path.join(folder, 'venv')), ['lib/a.py', 'pyvenv.cfg']);
      },
    ));

  it('leaves out its own folders', () =>
    withFolder({ 'a.py': 'x', 'indexes/db.txt': 'x', '.neosearch/a.txt': 'x' }, async (root) => {
      assert.deepEqual(await skippedOf(root, { ownFolders: [path.join(root, 'indexes')] }), {
        '.neosearch': 'own-index',
        indexes: 'own-index',
      });
    }));

  it('obeys include and exclude globs', () =>
    withFolder({ 'src/a.ts': 'x', 'src/a.test.ts': 'x', 'src/b.py': 'x', 'docs/c.md': 'x' }, async (root) => {
      assert.deepEqual(await filesOf(root, { include: ['*.ts'] }), ['src/a.test.ts', 'src/a.ts']);
      assert.deepEqual(await filesOf(root, { include: ['src/'], exclude: ['*.test.ts'] }), [
        'src/a.ts',
        'src/b.py',
      ]);
      assert.deepEqual(await skippedOf(root, { exclude: ['/docs/', '*.py'] }), {
        docs: 'excluded',
        'src/b.py': 'excluded',
      });
    }));

  if (posix) {
    it('follows no link, and says where each leads', () =>
      withFolder({ 'in/a.py': 'x', 'in/sub/b.py': 'x', 'out/c.py': 'x' }, async (folder) => {
        const root = path.join(folder, 'in');
        await fs.symlink('a.py', path.join(root, 'same.py'));
        await fs.symlink('sub', path.join(root, 'again'));
        await fs.symlink('../out', path.join(root, 'away'));
        await fs.symlink('nowhere', path.join(root, 'gone'));
        await fs.symlink('self', path.join(root, 'self'));
        await fs.symlink('..', path.join(root, 'sub', 'up'));
        await fs.symlink('../..', path.join(root, 'sub', 'far'));
        assert.deepEqual(await filesOf(root), ['a.py', 'sub/b.py']);
        assert.deepEqual(await skippedOf(root), {
          again: 'symlink',
          away: 'outside-root',
          gone: 'broken-link',
          'same.py': 'symlink',
          self: 'symlink-loop',
          'sub/far': 'symlink-loop',
          'sub/up': 'symlink-loop',
        });
        // A root that is a link is the folder that it leads to.
        await fs.symlink('in', path.join(folder, 'link'));
        const [first] = await entriesOf(path.join(folder, 'link'));
        assert.equal(first?.type === 'file' && first.absolutePath, path.join(folder, 'link', 'a.py'));
      }));

    it('leaves out what is no regular file', () =>
      withFolder({ 'a.py': 'x' }, async (root) => {
        const server = net.createServer();
        await new Promise<void>((resolve) => server.listen(path.join(root, 'socket'), resolve));
        after(() => server.close());
        assert.deepEqual(await skippedOf(root), { socket: 'special-file' });
        server.close();
      }));

    it('takes names with backslashes, spaces, quotes and line ends', () =>
      withFolder({ 'a\\b.py': 'x', ' c .py': 'x', 'd"\n.py': 'x', 'e/[f]*?.py': 'x' }, async (root) => {
        assert.deepEqual(await filesOf(root), [' c .py', 'a\\b.py', 'd"\n.py', 'e/[f]*?.py']);
      }));
  }

  it('goes on past a folder and a file that cannot be read', () =>
    withFolder({ 'a/1.py': 'x', 'b/2.py': 'x', 'c/3.py': 'x', 'c/4.py': 'x' }, async (root) => {
      const { readdir, lstat } = fs;
      const denied = Object.assign(new Error('denied'), { code: 'EACCES' });
      const refuse = mock.method(fs, 'readdir', (...args: Parameters<typeof readdir>) =>
        args[0] === path.join(root, 'b/') ? Promise.reject(denied) : readdir(...args),
      );
      const gone = Object.assign(new Error('gone'), { code: 'ENOENT' });
      const lose = mock.method(fs, 'lstat', (file: string) =>
        file === path.join(root, 'c/3.py') ? Promise.reject(gone) : lstat(file),
      );
      try {
        assert.deepEqual(await skippedOf(root), { b: 'unreadable', 'c/3.py': 'vanished' });
        assert.deepEqual(await filesOf(root), ['a/1.py', 'c/4.py']);
      } finally {
        refuse.mock.restore();
        lose.mock.restore();
      }
    }));

  it('waits while the process has too many files open', () =>
    withFolder({ 'a.py': 'x' }, async (root) => {
      const { readdir } = fs;
      const tooMany = Object.assign(new Error('too many'), { code: 'EMFILE' });
      let refused = 0;
      const refuse = mock.method(fs, 'readdir', (...args: Parameters<typeof readdir>) =>
        refused++ < 2 ? Promise.reject(tooMany) : readdir(...args),
      );
      try {
        assert.deepEqual(await filesOf(root), ['a.py']);
      } finally {
        refuse.mock.restore();
      }
    }));

  it('refuses a root that is missing, a file, or forbidden', () =>
    withFolder({ 'a.py': 'x', 'shut/': '' }, async (folder) => {
      const refused = (code: string) => (error: unknown) =>
        error instanceof NeosearchError && error.code === code && error.message.includes(folder);
      await assert.rejects(entriesOf(path.join(folder, 'none')), refused('root-missing'));
      await assert.rejects(entriesOf(path.join(folder, 'a.py')), refused('root-not-a-folder'));
      await assert.rejects(entriesOf(path.join(folder, 'a.py', 'b')), refused('root-not-a-folder'));
      const denied = Object.assign(new Error('denied'), { code: 'EACCES' });
      const refuse = mock.method(fs, 'readdir', () => Promise.reject(denied));
      try {
        await assert.rejects(entriesOf(path.join(folder, 'shut')), refused('permission-denied'));
      } finally {
        refuse.mock.restore();
      }
    }));

  it('stops when it is aborted', () =>
    withFolder({ 'a/1.py': 'x', 'b/2.py': 'x', 'c/3.py': 'x' }, async (root) => {
      const controller = new AbortController();
      const seen: string[] = [];
      await assert.rejects(
        async () => {
          for await (const entry of crawl(root, { signal: controller.signal, environment: noSettings })) {
            seen.push(entry.path);
            controller.abort();
          }
        },
        { name: 'AbortError' },
      );
      assert.deepEqual(seen, ['a/1.py']);
      await assert.rejects(entriesOf(root, { signal: AbortSignal.abort() }), { name: 'AbortError' });
    }));

  it('has a sentence for every reason', () => {
    for (const sentence of Object.values(skipReasons)) assert.match(sentence, /^[A-Z].*\.$/);
  });
});
