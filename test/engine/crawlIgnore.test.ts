/** Ignore files: git's rules at every level, above and below the root, and Neosearch's own. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { describe, it } from 'node:test';
import { IgnoreRules, linesForNamedRoot } from '../../src/engine/crawl/ignoreRules';
import { filesOf, noSettings, skippedOf, withFolder, type Tree } from './crawlFolders';

/** The least that is a repository. */
const repository: Tree = { '.git/HEAD': 'ref: refs/heads/main\n', '.git/config': '[core]\n\tbare = false\n' };

/** Source files of a list of paths, ignore files left out. */
async function sources(root: string): Promise<string[]> {
  return (await filesOf(root)).filter((file) => !/\.(gitignore|neosearchignore)$/.test(file));
}

function text(...paths: string[]): Tree {
  return Object.fromEntries(paths.map((file) => [file, 'text\n']));
}

describe('ignore files', () => {
  it('deeper files win, and a negation takes back in', () =>
    withFolder(
      {
        ...repository,
        '.gitignore': '*.log\n/build/\nsecret\n!keep.log\n',
        'sub/.gitignore': '!*.log\ndraft*\n',
        ...text(
          'a.log',
          'keep.log',
          'build/x.py',
          'sub/build/y.py',
          'sub/b.log',
          'sub/draft1.md',
          'secret/z.py',
        ),
      },
      async (root) => {
        assert.deepEqual(await sources(root), ['keep.log', 'sub/b.log', 'sub/build/y.py']);
        assert.deepEqual(await skippedOf(root), {
          '.git': 'version-control',
          'a.log': 'ignored',
          build: 'ignored',
          secret: 'ignored',
          'sub/draft1.md': 'ignored',
        });
      },
    ));

  it('count without a repository, too', () =>
    withFolder({ '.gitignore': 'out/\n', ...text('a.py', 'out/b.py') }, async (root) =>
      assert.deepEqual(await sources(root), ['a.py']),
    ));

  it('a file below an ignored folder stays ignored, as in git', () =>
    withFolder({ '.gitignore': 'out/\n!out/keep.py\n', ...text('out/keep.py', 'out/b.py') }, async (root) =>
      assert.deepEqual(await sources(root), []),
    ));

  it('bytes before the first rule, CRLF, comments and odd lines do no harm', () =>
    withFolder(
      {
        '.gitignore': '\ufeff*.log\r\n# *.py\r\n\r\n[\r\n\\\r\n!\r\n/\r\n*.tmp  \r\n',
        ...text('a.log', 'a.py', 'a.tmp', '['),
      },
      async (root) => assert.deepEqual(await sources(root), ['[', 'a.py']),
    ));

  it('info/exclude counts, of a linked working tree that of the common directory', () =>
    withFolder(
      {
        'main/.git/HEAD': 'ref: refs/heads/main\n',
        'main/.git/info/exclude': '*.tmp\n',
        'main/.git/worktrees/two/commondir': '../..\n',
        'main/.git/worktrees/two/HEAD': 'x\n',
        'two/.git': 'gitdir: ../main/.git/worktrees/two\n',
        ...text('main/a.tmp', 'main/a.py', 'two/a.tmp', 'two/a.py'),
      },
      async (folder) => {
        assert.deepEqual(await sources(path.join(folder, 'main')), ['a.py']);
        assert.deepEqual(await sources(path.join(folder, 'two')), ['a.py']);
      },
    ));

  it('global excludes count, by setting or by place', () =>
    withFolder(
      {
        'home/.gitconfig': '[core]\n\texcludesFile = ~/mine # comment\n',
        'home/mine': '*.mine\n',
        'xdg/git/ignore': '*.xdg\n',
        'root/.git/HEAD': 'x',
        ...text('root/a.mine', 'root/a.xdg', 'root/a.py'),
      },
      async (folder) => {
        const root = path.join(folder, 'root');
        const bare = { GIT_CONFIG_NOSYSTEM: '1' };
        const home = { ...bare, HOME: path.join(folder, 'home') };
        assert.deepEqual(await filesOf(root, { environment: home }), ['a.py', 'a.xdg']);
        const xdg = { ...bare, XDG_CONFIG_HOME: path.join(folder, 'xdg') };
        assert.deepEqual(await filesOf(root, { environment: xdg }), ['a.mine', 'a.py']);
      },
    ));

  it('core.ignoreCase decides about case', () =>
    withFolder(
      {
        ...repository,
        '.git/config': '[core]\n\tignorecase = true\n',
        '.gitignore': '*.LOG\n',
        ...text('a.log', 'a.py'),
      },
      async (root) => assert.deepEqual(await sources(root), ['a.py']),
    ));

  it('.neosearchignore wins over .gitignore and takes folders back in', () =>
    withFolder(
      {
        ...repository,
        '.gitignore': 'build/\n*.log\n/gen\n',
        '.neosearchignore': '!/build/\n/build/skip/\n!*.log\nprivate/\n!node_modules/\n!*.pb.go\n',
        'sub/.gitignore': '!private/\n',
        ...text(
          'a.log',
          'build/x.py',
          'build/deep/build/y.py',
          'build/skip/z.py',
          'gen/g.py',
          'sub/private/p.py',
          'node_modules/m/index.js',
          'api.pb.go',
        ),
      },
      async (root) =>
        assert.deepEqual(await sources(root), [
          'a.log',
          'api.pb.go',
          'build/x.py',
          'node_modules/m/index.js',
        ]),
    ));

  it('a deeper .neosearchignore wins over a shallower one', () =>
    withFolder(
      {
        '.neosearchignore': 'notes/\n',
        'a/.neosearchignore': '!notes/\n',
        ...text('notes/1.md', 'a/notes/2.md'),
      },
      async (root) => assert.deepEqual(await sources(root), ['a/notes/2.md']),
    ));

  it('a repository within the root has rules of its own', () =>
    withFolder(
      {
        ...repository,
        '.gitignore': '*.tmp\n',
        'inner/.git/HEAD': 'x',
        'inner/.git/info/exclude': '*.bak\n',
        ...text('a.tmp', 'b.bak.md', 'inner/a.tmp', 'inner/b.bak', 'inner/c.py'),
      },
      async (root) => assert.deepEqual(await sources(root), ['b.bak.md', 'inner/a.tmp', 'inner/c.py']),
    ));

  it('another working tree of the same repository is left out, a submodule is not', () =>
    withFolder(
      {
        ...repository,
        '.git/worktrees/two/commondir': '../..\n',
        '.git/modules/lib/HEAD': 'x',
        'trees/two/.git': 'gitdir: ../../.git/worktrees/two\n',
        'lib/.git': 'gitdir: ../.git/modules/lib\n',
        ...text('a.py', 'trees/two/a.py', 'lib/b.py'),
      },
      async (root) => {
        assert.deepEqual(await sources(root), ['a.py', 'lib/b.py']);
        assert.equal((await skippedOf(root))['trees/two'], 'worktree');
      },
    ));
});

describe('a named root', () => {
  const tree: Tree = {
    ...repository,
    'trees/one/.gitignore': 'local/\n',
    ...text('a.log', 'trees/one/a.py', 'trees/one/a.log', 'trees/one/trees/b.py', 'trees/one/local/c.py'),
  };

  for (const rule of [
    'trees/',
    '/trees/',
    'trees',
    '/trees/*',
    'trees/**',
    '*',
    'one/',
    '**/one',
    '/trees/one/*',
    't*',
  ]) {
    it(`is not ignored by an outer ${rule}`, () =>
      withFolder({ ...tree, '.gitignore': `${rule}\n*.log\n` }, async (folder) =>
        assert.deepEqual(await sources(path.join(folder, 'trees', 'one')), ['a.py', 'trees/b.py']),
      ));
  }

  it('is not ignored by an outer .neosearchignore or info/exclude', () =>
    withFolder({ ...tree, '.neosearchignore': 'trees/\n', '.git/info/exclude': '/trees\n' }, async (folder) =>
      assert.deepEqual(await sources(path.join(folder, 'trees', 'one')), ['a.log', 'a.py', 'trees/b.py']),
    ));

  it('keeps outer rules that do not ignore it', () =>
    withFolder(
      {
        ...repository,
        '.gitignore': '*\n!*/\n!*.py\n',
        ...text('src/a.py', 'src/a.txt', 'src/deep/b.py', 'src/deep/b.txt'),
      },
      async (folder) => assert.deepEqual(await sources(path.join(folder, 'src')), ['a.py', 'deep/b.py']),
    ));

  it('sees nothing of what lies above its repository', () =>
    withFolder({ '.gitignore': '*.py\n', 'root/.git/HEAD': 'x', ...text('root/a.py') }, async (folder) =>
      assert.deepEqual(await sources(path.join(folder, 'root')), ['a.py']),
    ));

  it('leaves out only the lines that ignore it', () => {
    assert.equal(linesForNamedRoot('*.log\nbuild/\n!x\n', 'build/', false), '*.log\n!x\n');
    assert.equal(linesForNamedRoot('*.log\n', 'build/', false), '*.log\n');
    assert.equal(linesForNamedRoot('*\n', '', false), '*\n');
  });
});

const hostile: Tree = {
  '.gitignore': [
    '# comment',
    '\\#hash',
    '\\!bang',
    '*.log',
    '!important.log',
    '/rooted',
    'mid/dle',
    '**/deep/leaf',
    'any/**/leaf',
    'tail/**',
    'one/*',
    '!one/two/',
    'only-dir/',
    'q?x',
    '[a-c]1',
    '[!a-c]2',
    'sp\\ ace',
    'trailing   ',
    'escaped\\ ',
    '*.[oa]',
    '\\*star',
    'back\\\\slash',
    '[[:digit:]]9',
    '[',
    '!',
    '/',
    '',
    'un/der/',
    '!un/der/keep',
    '*.tmp',
    'UPPER',
  ].join('\n'),
  'sub/.gitignore': '!*.log\n/rooted\n*.only\n',
  'sub/deeper/.gitignore': '*.log\n!sp ace\n',
  ...text(
    '#hash',
    '!bang',
    'a.log',
    'important.log',
    'rooted',
    'sub/rooted',
    'sub/deeper/rooted',
    'mid/dle',
    'sub/mid/dle',
    'x/deep/leaf',
    'deep/leaf',
    'any/leaf',
    'any/b/c/leaf',
    'tail/a',
    'tail/b/c',
    'one/a',
    'one/two/b',
    'one/three/c',
    'sub/only-dir',
    'only-dir/x',
    'sp ace',
    'sub/deeper/sp ace',
    'trailing',
    'x.o',
    'x.c',
    'a1',
    'd1',
    'd2',
    'a2',
    '59',
    'x9',
    'un/der/keep',
    'un/other',
    'x.tmp',
    'upper',
    'sub/b.log',
    'sub/c.only',
    'sub/deeper/d.log',
    'sub/deeper/e.only',
  ),
  ...(process.platform === 'win32' ? {} : text('escaped ', 'qxx', 'q?x', '*star', 'xstar', 'back\\slash')),
};

describe('rules', () => {
  it('say the same however many paths were asked before', () => {
    const rules = IgnoreRules.parse('*.log\n!keep.log\nout/\n', false, { above: '', below: '' });
    const again = rules.including('out/');
    for (let at = 0; at < 2500; at++) {
      assert.equal(rules.verdict(`a${at}/x.log`), 'ignored');
      assert.equal(rules.verdict(`a${at}/keep.log`), 'included');
      assert.equal(rules.verdict(`out/${at}`), 'ignored');
      assert.equal(again.verdict(`out/${at}`), undefined);
    }
  });

  it('take a folder with a hostile name back in', () => {
    const name = process.platform === 'win32' ? 'a[b] !#d' : 'a[b]*?\\c !#d';
    const rules = IgnoreRules.parse('/*/\n', false, { above: '', below: '' });
    assert.equal(rules.verdict(`${name}/x`), 'ignored');
    assert.equal(rules.including(`${name}/`).verdict(`${name}/x`), undefined);
    assert.equal(rules.including(`${name}/`).verdict('other/x'), 'ignored');
  });
});

describe('hostile patterns', () => {
  it('mean what they mean in git', () =>
    withFolder({ ...repository, ...hostile }, async (root) => {
      const taken = new Set(await sources(root));
      const ignored = [
        '#hash',
        'a.log',
        'rooted',
        'tail/b/c',
        'one/a',
        'one/three/c',
        'a1',
        'd2',
        'sp ace',
        'un/der/keep',
      ];
      for (const file of ignored) assert.ok(!taken.has(file), `${file} is ignored`);
    }));

  const git = gitVersion();
  if (git !== undefined) {
    it(`give the files that git itself gives (${git})`, () =>
      withFolder(hostile, async (root) => {
        const environment = { ...process.env, ...noSettings, GIT_CONFIG_GLOBAL: path.join(root, 'none') };
        const run = (...args: string[]) =>
          execFileSync('git', ['-C', root, ...args], { env: environment }).toString();
        run('init', '-q');
        const theirs = run('ls-files', '-z', '--others', '--exclude-standard')
          .split('\0')
          .filter(Boolean)
          .sort();
        const ours = (await filesOf(root)).filter((file) => !file.startsWith('.git/'));
        assert.deepEqual(ours, theirs);
        const below = theirs
          .filter((file) => file.startsWith('sub/'))
          .map((file) => file.slice('sub/'.length));
        assert.deepEqual(await filesOf(path.join(root, 'sub')), below);
      }));
  }
});

function gitVersion(): string | undefined {
  try {
    return execFileSync('git', ['--version']).toString().trim();
  } catch {
    return undefined;
  }
}
