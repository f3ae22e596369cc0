/** Runs `npm run package` as a release does, on the build that the tests were made with. */
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);

export const TARGETS = ['linux-x64', 'linux-arm64', 'darwin-arm64', 'win32-x64', 'win32-arm64'];

export interface PackagedFile {
  /** In the package, with forward slashes. */
  readonly path: string;
  readonly bytes: number;
}

/** What a package for the target would hold, without making it. */
export async function listing(target: string): Promise<readonly PackagedFile[]> {
  return JSON.parse(await packaging(['--target', target, '--list'])) as PackagedFile[];
}

/** Makes the package of a target in a folder. */
export async function makePackage(target: string, out: string): Promise<void> {
  await packaging(['--target', target, '--out', out]);
}

/** The target of the machine that the tests run on; `universal` where it has none. */
export function hostTarget(): string {
  const host = `${process.platform}-${process.arch}`;
  return TARGETS.includes(host) ? host : 'universal';
}

async function packaging(args: readonly string[]): Promise<string> {
  const { stdout } = await execute(
    process.execPath,
    [path.resolve('scripts/package.mjs'), '--dist', path.resolve('dist'), ...args],
    { maxBuffer: 64 * 1024 * 1024 },
  );
  return stdout;
}
