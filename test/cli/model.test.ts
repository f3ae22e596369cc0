/** `neosearch model`, as a user types it, against a server that speaks the hub's API. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, beforeEach, describe, it } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { COMMIT, HubServer } from '../support/hubServer';
import { Sandbox } from './run';

const CLI = path.join(process.cwd(), 'dist/cli.js');
const FIXTURE = path.join(process.cwd(), 'test/fixtures/neobert/a');
const NAME = 'someone/small-encoder';
const WEIGHTS = readFileSync(path.join(FIXTURE, 'model.safetensors'));

interface Listed {
  readonly models: readonly { readonly name: string; readonly inUse: boolean; readonly folder: string }[];
}

let hub: HubServer;
before(async () => {
  hub = await HubServer.start();
});
after(() => hub.close());
beforeEach(() => {
  hub.reset();
  hub.add(NAME, {
    'config.json': readFileSync(path.join(FIXTURE, 'config.json')),
    'tokenizer.json': readFileSync(path.join(process.cwd(), 'media/model/tokenizer.json')),
    'model.safetensors': WEIGHTS,
  });
});

/** Sends half of the weights, and nothing more until `then`. */
function stallHalfway(then?: Promise<void>): void {
  hub.interfere = ({ at, range }, response) => {
    if (at !== 'store' || range !== undefined) return false;
    response.setHeader('content-length', WEIGHTS.length).write(WEIGHTS.subarray(0, WEIGHTS.length / 2));
    void then?.then(() => response.end(WEIGHTS.subarray(WEIGHTS.length / 2)));
    return true;
  };
}

async function until(met: () => boolean): Promise<void> {
  for (let i = 0; i < 200 && !met(); i += 1) await wait(50);
  assert.ok(met());
}

describe('neosearch model', () => {
  it('pulls an encoder, encodes with it by its name, uses it and removes it', async () => {
    const sandbox = new Sandbox();
    const { env } = hub;
    const { pulled } = await sandbox.json<{ pulled: { name: string; folder: string; commit: string } }>(
      ['model', 'pull', NAME],
      { env },
    );
    assert.deepEqual([pulled.name, pulled.commit], [NAME, COMMIT]);

    const input = '[[1, 5, 9, 2]]';
    const vector = async (model: string): Promise<unknown> =>
      JSON.parse((await sandbox.run(['embed', '--token-ids', '--model', model], { input })).stdout);
    assert.deepEqual(await vector(NAME), await vector(FIXTURE));

    const names = async (): Promise<readonly (readonly [string, boolean])[]> =>
      (await sandbox.json<Listed>(['model', 'list'])).models.map(({ name, inUse }) => [name, inUse]);
    assert.deepEqual(await names(), [
      ['embedded', true],
      [NAME, false],
    ]);
    // Its tokenizer is of another model, which is told once something is encoded with it; to be chosen it may.
    await sandbox.json(['model', 'use', NAME]);
    assert.deepEqual((await names())[1], [NAME, true]);

    const status = await sandbox.run(['status', '--root', sandbox.corpus('corpus', ['mail'])]);
    assert.match(status.stdout, new RegExp(`encoder +${NAME}`));
    const info = await sandbox.run(['model', 'info', NAME]);
    assert.match(
      info.stdout,
      /architecture neobert\ndimensions {3}64\nwindow {7}256 tokens\npooling {6}mean\n/,
    );
    assert.match(info.stdout, new RegExp(`${NAME}, main, commit ${COMMIT}`));

    assert.match(await sandbox.refusal(['model', 'remove', NAME]), /in use.*--force/);
    await sandbox.json(['model', 'remove', NAME, '--force']);
    assert.deepEqual(await names(), [['embedded', true]]);
    assert.ok(!existsSync(pulled.folder));
    assert.match(await sandbox.refusal(['model', 'use', NAME]), /no model.*model pull/);
    assert.match(await sandbox.refusal(['model', 'remove', 'embedded']), /stays/);
  });

  it('a folder is used and forgotten, and stays', async () => {
    const sandbox = new Sandbox();
    await sandbox.json(['model', 'use', FIXTURE]);
    const status = await sandbox.json<{ encoder: unknown }>([
      'status',
      '--root',
      sandbox.corpus('corpus', ['mail']),
    ]);
    assert.match(JSON.stringify(status), /"encoder":"a"/);
    const { models } = await sandbox.json<Listed>(['model', 'list']);
    assert.deepEqual(
      models.map(({ name, inUse }) => [name, inUse]),
      [
        ['embedded', false],
        [FIXTURE, true],
      ],
    );
    await sandbox.json(['model', 'use', 'embedded']);
    await sandbox.json(['model', 'remove', FIXTURE]);
    assert.ok(existsSync(FIXTURE));
    assert.match(await sandbox.refusal(['model', 'use', sandbox.dir]), /config\.json/);
  });

  it('lists what the hub offers', async () => {
    const sandbox = new Sandbox();
    const { env } = hub;
    const all = await sandbox.run(['model', 'list', '--hub'], { env });
    assert.equal(all.stdout, `${NAME}  7 downloads\n`);
    assert.match(hub.requests[0]?.url ?? '', /[?&]filter=neobert(&|$)/);
    assert.equal((await sandbox.run(['model', 'list', '--hub', 'something'], { env })).code, 1);
  });

  it('says in one line what is wrong', async () => {
    const sandbox = new Sandbox();
    const { env } = hub;
    assert.match(await sandbox.refusal(['model', 'pull', 'someone/else'], { env }), /404.*Check the name/);
    assert.match(await sandbox.refusal(['model', 'pull', '../up'], { env }), /no name of a repository/);
    assert.match(await sandbox.refusal(['model']), /Say what to do.*Usage/);
    assert.match(await sandbox.refusal(['model', 'pull']), /Name a model/);
    assert.match(await sandbox.refusal(['model', 'buy', 'x']), /no "model buy"/);
    assert.match(await sandbox.refusal(['model', 'list', 'bert']), /list --hub/);
  });

  it('tells other programs how far it is', async () => {
    const sandbox = new Sandbox();
    const { stdout } = await sandbox.run(['model', 'pull', NAME, '--events'], { env: hub.env });
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, { size?: number; name?: string }>);
    assert.ok(lines.length >= 2);
    assert.ok(lines.slice(0, -1).every(({ progress }) => progress?.size !== undefined));
    assert.equal(lines.at(-1)?.['pulled']?.name, NAME);
  });

  it('stops at Ctrl-C, and goes on from there', async () => {
    const sandbox = new Sandbox();
    const part = path.join(
      sandbox.home,
      'models',
      'someone--small-encoder',
      `${COMMIT}.part`,
      'model.safetensors.part',
    );
    stallHalfway();
    let child: ChildProcess | undefined;
    const running = sandbox.run(['model', 'pull', NAME], {
      env: hub.env,
      onStart: (started) => (child = started),
    });
    await until(() => existsSync(part) && readFileSync(part).length >= WEIGHTS.length / 2);
    child?.kill('SIGINT');
    const { code, stderr } = await running;
    assert.equal(code, 130, stderr);
    assert.match(stderr, /What was finished is kept/);
    await sandbox.json(['model', 'pull', NAME], { env: hub.env });
    assert.deepEqual(hub.fetched('store'), [
      'model.safetensors',
      `model.safetensors bytes=${WEIGHTS.length / 2}-`,
    ]);
  });

  it('two at once do not get in each other\u2019s way', async () => {
    const sandbox = new Sandbox();
    let go = (): void => undefined;
    stallHalfway(new Promise((resolve) => (go = resolve)));
    const first = sandbox.run(['model', 'pull', NAME], { env: hub.env });
    await until(() => hub.fetched('store').length > 0);
    assert.match(await sandbox.refusal(['model', 'pull', NAME], { env: hub.env }), /being pulled by another/);
    go();
    assert.equal((await first).code, 0);
  });

  const namespace = ['--user', '--map-root-user', '--mount'];
  if (process.platform === 'linux' && spawnSync('unshare', [...namespace, 'true']).status === 0) {
    it('a disk that is full, and one that becomes full meanwhile', async () => {
      const sandbox = new Sandbox();
      const disk = sandbox.at('disk');
      mkdirSync(disk);
      let go = (): void => undefined;
      stallHalfway(new Promise((resolve) => (go = resolve)));
      const pull = `"$NODE" "$CLI" model pull ${NAME} --index-dir "$DISK/home" --json`;
      const stage = `"$DISK/home/models/someone--small-encoder/${COMMIT}.part"`;
      const script = [
        'mount -t tmpfs -o size=8m none "$DISK"',
        `${pull}; echo "exit $?" >&2`,
        'mount -o remount,size=40m "$DISK"',
        `${pull} & pulling=$!`,
        `until [ -s ${stage}/model.safetensors.part ]; do sleep 0.05; done`,
        'dd if=/dev/zero of="$DISK/fill" bs=4k 2>/dev/null',
        'touch "$READY"',
        'wait $pulling; echo "exit $?" >&2',
        `[ -s ${stage}/model.safetensors.part ] || echo "nothing was kept" >&2`,
        'rm "$DISK/fill"',
        pull,
      ].join('\n');
      const ready = sandbox.at('ready');
      const child = spawn('unshare', [...namespace, 'sh', '-c', script], {
        env: { ...process.env, ...hub.env, NODE: process.execPath, CLI, DISK: disk, READY: ready },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const said = Promise.all([text(child.stdout), text(child.stderr)]);
      await until(() => existsSync(ready));
      go();
      const [stdout, stderr] = await said;
      const [before = '', exit, during = '', exitToo, ...more] = stderr.trim().split('\n');
      assert.match(before, /^neosearch: The disk is full: .*has room for \d+ MB/);
      assert.match(during, /^neosearch: The disk is full: .*could not be written.*is kept/);
      assert.deepEqual([exit, exitToo, more], ['exit 2', 'exit 2', []]);
      assert.match(stdout, /^\{"pulled"/);
      assert.match(hub.fetched('store').at(-1) ?? '', /^model\.safetensors bytes=[1-9]\d*-$/);
    });
  } else {
    console.log('The test of a full disk was not run: this system lets no user mount a small one.');
  }
});
