import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { crawl, PathFinder, type CrawlOptions } from '../../src/engine/crawl/crawl';
import { workFor } from '../../src/engine/workspace/changes';
import { EditorGlobs } from '../../src/engine/workspace/editorGlobs';
import { Gate } from '../../src/engine/workspace/gate';
import { networkDriveOf, parseMountOutput, parseProcMounts } from '../../src/engine/workspace/networkDrive';
import { Pausing } from '../../src/engine/workspace/pausing';
import { isOnBattery, linux } from '../../src/engine/workspace/power';
import { write } from './serverSupport';
import { temporaryFolder } from './storeSupport';

describe('editor globs', () => {
  const excludes = (pattern: string, file: string): boolean =>
    new EditorGlobs([pattern], [], 'linux').isExcluded(file);

  it('match from the root, and take what is in a folder along', () => {
    assert.ok(excludes('*.log', 'a.log'));
    assert.ok(!excludes('*.log', 'x/a.log'));
    assert.ok(excludes('**/*.log', 'a.log'));
    assert.ok(excludes('**/*.log', 'x/y/a.log'));
    assert.ok(excludes('**/node_modules', 'x/node_modules/y/z.js'));
    assert.ok(excludes('node_modules', 'node_modules/y/z.js'));
    assert.ok(!excludes('node_modules', 'x/node_modules/z.js'));
    assert.ok(excludes('**/.git', '.git/HEAD'));
    assert.ok(excludes('out/', 'out/a.js'));
    assert.ok(excludes('out/**', 'out/a/b.js'));
    assert.ok(excludes('**/*.{png,svg}', 'icons/a.svg'));
    assert.ok(excludes('src/[ab]?.ts', 'src/a1.ts'));
    assert.ok(!excludes('src/*', 'source/a.ts'));
  });

  it('take characters that mean more elsewhere as they are', () => {
    assert.ok(excludes('app/(group)/*.tsx', 'app/(group)/page.tsx'));
    assert.ok(!excludes('app/(group)/*.tsx', 'app/group/page.tsx'));
    assert.ok(excludes('**/@types', 'src/@types/a.d.ts'));
    assert.ok(excludes('!important', '!important/a.md'));
    assert.ok(!excludes('', 'a.md'));
  });

  it('leave only what is included, where something is', () => {
    const globs = new EditorGlobs(['**/gen'], ['src', 'docs/**/*.md'], 'linux');
    assert.deepEqual(
      ['src/a/b.ts', 'docs/x/y.md', 'docs/x/y.txt', 'src/gen/a.ts', 'lib/a.ts'].filter(globs.isShown),
      ['src/a/b.ts', 'docs/x/y.md'],
    );
  });

  it('follow the case of the system', () => {
    assert.ok(!new EditorGlobs(['Build'], [], 'linux').isExcluded('build/a'));
    assert.ok(new EditorGlobs(['Build'], [], 'win32').isExcluded('build/a'));
  });
});

describe('a single path', () => {
  it('is taken or left out as the crawl takes it or leaves it', async () => {
    const root = temporaryFolder();
    write(root, {
      'a.ts': 'a',
      '.gitignore': 'ignored/\n*.tmp\n',
      'ignored/a.ts': 'a',
      'src/x.tmp': 'x',
      'src/y.ts': 'y',
      'src/.gitignore': 'y.ts\n!x.tmp\n',
      'src/deep/.neosearchignore': '*.md\n!keep.min.js\n',
      'src/deep/z.md': 'z',
      'src/deep/keep.min.js': 'k',
      'node_modules/pkg/index.js': 'i',
      'picture.png': 'p',
      'empty.ts': '',
      'gen/b.ts': 'b',
    });
    const all = [
      'a.ts',
      'ignored/a.ts',
      'src/x.tmp',
      'src/y.ts',
      'src/deep/z.md',
      'src/deep/keep.min.js',
    ].concat(['node_modules/pkg/index.js', 'picture.png', 'empty.ts', 'gen/b.ts']);
    const variants: CrawlOptions[] = [
      {},
      { useIgnoreFiles: false },
      { filter: new EditorGlobs(['gen', '**/deep'], []) },
      { filter: new EditorGlobs([], ['src/**']) },
    ];
    for (const options of variants) {
      const taken = new Set<string>();
      for await (const entry of crawl(root, options)) if (entry.type === 'file') taken.add(entry.path);
      const finder = await PathFinder.open(root, options);
      for (const file of all) {
        const entry = await finder.find(file);
        const isTaken = entry !== 'folder' && entry?.type === 'file';
        assert.equal(isTaken, taken.has(file), `${file} with ${JSON.stringify(options)}`);
      }
    }
    const finder = await PathFinder.open(root);
    assert.equal(await finder.find('src'), 'folder');
    assert.equal(await finder.find('src/nothing.ts'), undefined);
    assert.equal(await finder.find('a.ts/below'), undefined);
  });
});

describe('changes', () => {
  it('are looked at one by one, or met by a scan', () => {
    assert.deepEqual(workFor(['a.ts', 'a.ts'], ['b.ts']), { paths: ['a.ts', 'b.ts'], scan: false });
    assert.equal(workFor(['x/.gitignore'], []).scan, true);
    assert.deepEqual(workFor(['.git/index.lock', '.git/objects/ab'], []), { paths: [], scan: false });
    assert.deepEqual(workFor(['.git/HEAD'], []), { paths: [], scan: true });
    assert.equal(
      workFor(
        Array.from({ length: 1000 }, (_, i) => `${i}.ts`),
        [],
      ).scan,
      true,
    );
  });
});

describe('power', () => {
  it('is read from the supplies of Linux', async () => {
    const folder = temporaryFolder();
    const supply = (name: string, files: Record<string, string>): void => {
      mkdirSync(path.join(folder, name), { recursive: true });
      for (const [file, text] of Object.entries(files))
        writeFileSync(path.join(folder, name, file), `${text}\n`);
    };
    assert.equal(await linux(path.join(folder, 'none')), false);
    supply('mouse', { type: 'Battery', scope: 'Device', status: 'Discharging' });
    assert.equal(await linux(folder), false);
    supply('BAT0', { type: 'Battery', status: 'Discharging' });
    assert.equal(await linux(folder), true);
    supply('AC', { type: 'Mains', online: '1' });
    assert.equal(await linux(folder), false);
    assert.equal(await isOnBattery('aix'), false);
  });

  it('pauses or slows upkeep, and the user is before it', async () => {
    let changes = 0;
    const pausing = new Pausing(
      () => (changes += 1),
      () => Promise.resolve(true),
    );
    await pausing.setPolicy('slow');
    assert.deepEqual([pausing.isPaused, pausing.rest > 0], [false, true]);
    await pausing.setPolicy('pause');
    assert.deepEqual([pausing.isPaused, pausing.because], [true, 'battery']);
    pausing.setByUser(true);
    assert.equal(pausing.because, undefined);
    pausing.setByUser(false);
    await pausing.setPolicy('continue');
    assert.equal(pausing.isPaused, false);
    assert.equal(changes, 2);
    pausing.close();
  });

  it('rests while the user types, and for a moment after', () => {
    let now = 0;
    const pausing = new Pausing(
      () => undefined,
      () => Promise.resolve(false),
      () => now,
    );
    const rest = (): number => pausing.rest;
    assert.equal(rest(), 0);
    pausing.typed();
    now += 2000;
    assert.ok(rest() > 0);
    pausing.setWhileTyping('continue');
    assert.equal(rest(), 0);
    pausing.setWhileTyping('slow');
    now += 2000;
    assert.equal(rest(), 0);
    pausing.close();
  });
});

describe('network drives', () => {
  it('are known by the mount that a folder lies on', async () => {
    const mounts = parseProcMounts(
      [
        'overlay / overlay rw 0 0',
        'server:/home /net/home\\040of nfs4 rw 0 0',
        'me@host: /net/ssh fuse.sshfs rw 0 0',
        '/dev/sdb1 /net/home\\040of/local ext4 rw 0 0',
        '/dev/fuse /net/vault fuse.gocryptfs rw 0 0',
      ].join('\n'),
    );
    const kind = (folder: string): Promise<string | undefined> =>
      networkDriveOf(folder, 'linux', () => Promise.resolve(mounts));
    assert.equal(await kind('/net/home of/me'), undefined, 'what is not there is decided by what is');
    const mac = parseMountOutput(
      '/dev/disk1 on / (apfs, local)\n//me@nas/x on /Volumes/x y (smbfs, nodev)\n',
    );
    assert.deepEqual(mac.at(-1), { at: '/Volumes/x y', type: 'smbfs' });
    const here = process.cwd();
    const at = (type: string): Promise<string | undefined> =>
      networkDriveOf(path.join(here, 'not', 'yet'), 'linux', () =>
        Promise.resolve([...mounts, { at: here, type }]),
      );
    assert.equal(await at('nfs4'), 'nfs4');
    assert.equal(await at('cifs'), 'cifs');
    assert.equal(await at('fuse.sshfs'), 'fuse.sshfs');
    assert.equal(await at('fuse.gocryptfs'), undefined);
    assert.equal(await at('ext4'), undefined);
    assert.equal(await networkDriveOf('\\\\server\\share\\x', 'win32'), 'a network share');
    assert.equal(await networkDriveOf('C:\\Users\\x', 'win32'), undefined);
  });
});

describe('the gate', () => {
  it('lets a change wait for those inside, and others wait for the change', async () => {
    const gate = new Gate();
    const order: string[] = [];
    const leave = await gate.enter();
    const change = gate.exclusively(() => order.push('change'));
    const entering = gate.enter().then((out) => {
      order.push('entered');
      out();
    });
    order.push('leave');
    leave();
    leave();
    await Promise.all([change, entering]);
    assert.deepEqual(order, ['leave', 'change', 'entered']);
    await assert.rejects(
      gate.exclusively(() => Promise.reject(new Error('no'))),
      /no/,
    );
    (await gate.enter())();
  });
});
