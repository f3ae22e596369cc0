/**
 * The WebAssembly that parses. The package that brings it has one for the whole process, with one memory: what
 * breaks it while it parses one text has broken it for all that follow.
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { Parser } from 'web-tree-sitter';

let starting: Promise<void> | undefined;
let isBroken = false;
/**
 * What a broken runtime has handed out. When such an object is collected, the package calls the runtime to free
 * it; the error would end the process.
 */
const kept: unknown[] = [];

/**
 * V8's optimising compiler takes up to two gigabytes for the largest functions of some grammars, and keeps the
 * process busy for seconds after the work is done. Its quick compiler alone does.
 */
const COMPILER_FLAGS = ['--no-wasm-tier-up', '--no-wasm-dynamic-tiering'];

/** Starts the runtime, once; where it fails, the next call tries again. */
export async function startRuntime(dir: string): Promise<void> {
  for (const flag of COMPILER_FLAGS) setFlagsFromString(flag);
  starting ??= readFile(path.join(dir, 'web-tree-sitter.wasm')).then((wasmBinary) =>
    Parser.init({ wasmBinary }),
  );
  try {
    await starting;
  } catch (error) {
    starting = undefined;
    throw error;
  }
}

/** Whether it may be called. */
export function isRuntimeSound(): boolean {
  return !isBroken;
}

/** Says that a call has failed: there is no other one, and its objects live as long as the process. */
export function giveUpRuntime(...objects: readonly unknown[]): void {
  isBroken = true;
  kept.push(...objects);
}
