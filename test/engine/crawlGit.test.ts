/** Git's configuration and directories, read without git. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { describe, it } from 'node:test';
import { parseGitConfig, readGitSettings } from '../../src/engine/crawl/gitConfig';
import { findGitCommonDir, findRepository } from '../../src/engine/crawl/gitRepository';
import { withFolder } from './crawlFolders';

describe('parseGitConfig', () => {
  it('reads sections, quotes, escapes, comments and joined lines', () => {
    const text = [
      '; comment',
      '[core]',
      '\tautoCRLF',
      '  excludesFile = "~/my file" ; comment',
      'path = a\\\\b # comment',
      '[branch "Main.x"] remote = origin',
      '[alias]',
      'long = one \\',
      'two',
      'empty =',
      'not a setting!',
      '[Core] IgnoreCase = TRUE',
    ].join('\r\n');
    assert.deepEqual(parseGitConfig(text), [
      ['core.autocrlf', 'true'],
      ['core.excludesfile', '~/my file'],
      ['core.path', 'a\\b'],
      ['branch.Main.x.remote', 'origin'],
      ['alias.long', 'one two'],
      ['alias.empty', ''],
      ['core.ignorecase', 'TRUE'],
    ]);
  });
});

describe('readGitSettings', () => {
  it('takes the last setting, through included files', () =>
    withFolder(
      {
        'home/.config/git/config': '[core]\nexcludesFile = /first\nignoreCase = yes\n',
        'home/.gitconfig': '[include]\npath = more/extra\n',
        'home/more/extra': '[core]\nexcludesFile = ~/second\n[include]\npath = extra\n',
        'repository/config': '[core]\nignoreCase = false\n',
      },
      async (folder) => {
        const home = path.join(folder, 'home');
        const environment = { GIT_CONFIG_NOSYSTEM: '1', HOME: home };
        const files = [path.join(folder, 'repository', 'config'), path.join(folder, 'none')];
        assert.deepEqual(await readGitSettings(files, folder, environment), {
          excludesFile: path.join(home, 'second'),
          ignoreCase: false,
        });
        assert.deepEqual(await readGitSettings([], folder, { GIT_CONFIG_NOSYSTEM: '1' }), {});
      },
    ));
});

describe('findGitCommonDir', () => {
  it('is shared by all working trees, and each submodule has its own', () =>
    withFolder(
      {
        'main/.git/HEAD': 'x',
        'main/.git/worktrees/two/commondir': '../..\n',
        'main/.git/modules/lib/HEAD': 'x',
        'main/src/deep/a.py': 'x',
        'main/lib/.git': 'gitdir: ../.git/modules/lib\n',
        'two/.git': 'gitdir: ../main/.git/worktrees/two\n',
        'two/src/a.py': 'x',
        'broken/.git': 'nonsense',
      },
      async (folder) => {
        const common = path.join(folder, 'main', '.git');
        for (const root of ['main', 'main/src/deep', 'two', 'two/src']) {
          assert.equal(await findGitCommonDir(path.join(folder, root)), common, root);
        }
        assert.equal(
          await findGitCommonDir(path.join(folder, 'main', 'lib')),
          path.join(common, 'modules', 'lib'),
        );
        assert.equal((await findRepository(path.join(folder, 'two', 'src')))?.top, path.join(folder, 'two'));
        assert.notEqual(
          (await findRepository(path.join(folder, 'broken')))?.top,
          path.join(folder, 'broken'),
        );
      },
    ));
});
