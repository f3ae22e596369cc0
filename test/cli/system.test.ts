/**
 * What a system does to a program: a disk without room, a folder that may not be written, a terminal. Linux
 * makes all three for a test without touching the machine: a small disk in a mount namespace, /sys, script(1).
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { Sandbox } from './run';

const CLI = path.join(process.cwd(), 'dist/cli.js');

/** A command line for a POSIX shell. */
function shell(...words: readonly string[]): string {
  return words.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');
}

if (process.platform === 'linux') {
  test('a folder that may not be written is refused in one line', async () => {
    const sandbox = new Sandbox();
    const root = sandbox.corpus('corpus', ['mail']);
    const line = await sandbox.refusal(['index', root, '--index-dir', '/sys/neosearch']);
    assert.match(line, /permission.*--index-dir/i);
  });

  const namespace = ['--user', '--map-root-user', '--mount'];
  if (spawnSync('unshare', [...namespace, 'true']).status === 0) {
    test('a full disk is told in one line, and what was finished is kept', () => {
      const sandbox = new Sandbox();
      const root = sandbox.corpus('corpus');
      const disk = sandbox.at('disk');
      mkdirSync(disk);
      const neosearch = (...args: readonly string[]): string =>
        shell(process.execPath, CLI, ...args, '--index-dir', path.join(disk, 'home'), '--json');
      const script = [
        `mount -t tmpfs -o size=400k none ${shell(disk)}`,
        `${neosearch('index', root)}; echo "exit $?" >&2`,
        neosearch('status', '--root', root),
        `mount -o remount,size=64m ${shell(disk)}`,
        neosearch('index', root),
        neosearch('index', root),
      ].join('\n');
      const { stdout, stderr, status } = spawnSync('unshare', [...namespace, 'sh', '-c', script], {
        encoding: 'utf8',
      });
      assert.equal(status, 0, stderr);
      assert.match(stderr, /^neosearch: The disk is full: [^\n]*Free some space[^\n]*\nexit 2\n$/);
      const [before, resumed, again] = stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as { files: number; chunks: number; embedded: number });
      assert.ok(before && resumed && again);
      assert.ok(before.files < resumed.files, `all ${resumed.files} files fitted on the small disk`);
      assert.equal(again.embedded, 0);
      assert.equal(again.files, resumed.files);
    });
  } else {
    console.log('The test of a full disk was not run: this system lets no user mount a small one.');
  }

  if (spawnSync('script', ['--version']).status === 0) {
    test('on a terminal, words answer before meaning does', () => {
      const sandbox = new Sandbox();
      const root = sandbox.corpus('corpus');
      const search = shell(process.execPath, CLI, 'search', 'retry a failed request', '--root', root);
      const { stdout, status } = spawnSync('script', ['-qec', search, '/dev/null'], {
        encoding: 'utf8',
        env: { ...process.env, NEOSEARCH_HOME: sandbox.home, TERM: 'xterm-256color' },
      });
      assert.equal(status, 0, stdout);
      const early = stdout.indexOf('By words, while meaning is still being encoded');
      const full = stdout.indexOf('By words and meaning follows');
      assert.ok(early >= 0 && full > early, stdout);
      const place = /\S+\.\w+:\d+/;
      assert.match(stdout.slice(early, full), place);
      assert.match(stdout.slice(full), place);

      const next = spawnSync('script', ['-qec', search, '/dev/null'], {
        encoding: 'utf8',
        env: { ...process.env, NEOSEARCH_HOME: sandbox.home, TERM: 'xterm-256color' },
      });
      assert.equal(next.status, 0, next.stdout);
      assert.doesNotMatch(next.stdout, /By words, while/);
    });
  } else {
    console.log('The test of a terminal was not run: there is no script(1) here.');
  }
} else {
  console.log('The tests of a full disk, a denied folder and a terminal run on Linux only.');
}
