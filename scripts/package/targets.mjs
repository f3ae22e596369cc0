// The platforms that a package is made for, and the native files of each.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** What ONNX Runtime has a build for, by the marketplace's names of platforms. */
export const platformTargets = ['linux-x64', 'linux-arm64', 'darwin-arm64', 'win32-x64', 'win32-arm64'];
/** No native code at all: for every platform without a package of its own. */
export const UNIVERSAL = 'universal';
export const targets = [...platformTargets, UNIVERSAL];

/** The target that runs here; `universal` where ONNX Runtime has no build for this platform. */
export function hostTarget({ platform, arch } = process) {
  const host = `${platform}-${arch}`;
  return platformTargets.includes(host) ? host : UNIVERSAL;
}

/**
 * The modules that stay outside the bundles, for one target: what stands in the package, and where it lies now.
 * @returns {{to: string, from: string}[]} `to` is relative to the folder of modules, with forward slashes
 */
export function nativeFiles(target, nodeModules) {
  if (target === UNIVERSAL) return [];
  return [...onnxRuntime(target, nodeModules), ...(builtHere(target) ? hnswlib(nodeModules) : [])];
}

/** Whether native code that npm compiled on this machine fits the target. */
export function builtHere(target) {
  return target === hostTarget();
}

/**
 * The highest version of the C library that a Linux binary asks for.
 * @returns {string | undefined} for example `2.28`; undefined for a file that asks for none
 */
export function neededGlibc(file) {
  const versions = [
    ...readFileSync(file)
      .toString('latin1')
      .matchAll(/GLIBC_2\.(\d+)/g),
  ].map(([, minor]) => Number(minor));
  return versions.length === 0 ? undefined : `2.${Math.max(...versions)}`;
}

/** Where node-gyp leaves hnswlib-node's binary. */
export const HNSWLIB_BINARY = 'hnswlib-node/build/Release/addon.node';

function onnxRuntime(target, nodeModules) {
  const [platform, arch] = target.split('-');
  const bin = `onnxruntime-node/bin/${nativeInterface(nodeModules)}/${platform}/${arch}`;
  const native = needed(path.join(nodeModules, bin)).map((name) => `${bin}/${name}`);
  return [
    'onnxruntime-node/package.json',
    ...scripts(nodeModules, 'onnxruntime-node/dist'),
    ...native,
    'onnxruntime-common/package.json',
    'onnxruntime-common/dist/cjs/package.json',
    ...scripts(nodeModules, 'onnxruntime-common/dist/cjs'),
  ].map((name) => at(nodeModules, name));
}

/** None where the compiler was missing when npm installed: exact search takes the graph's place. */
function hnswlib(nodeModules) {
  if (!existsSync(path.join(nodeModules, HNSWLIB_BINARY))) return [];
  return [
    'hnswlib-node/package.json',
    'hnswlib-node/lib/index.js',
    HNSWLIB_BINARY,
    'bindings/package.json',
    'bindings/bindings.js',
    'file-uri-to-path/package.json',
    'file-uri-to-path/index.js',
  ].map((name) => at(nodeModules, name));
}

/** The folder `napi-v6`, whatever its number. */
function nativeInterface(nodeModules) {
  const [name, ...more] = readdirSync(path.join(nodeModules, 'onnxruntime-node/bin'));
  if (name === undefined || more.length > 0) {
    throw new Error('onnxruntime-node/bin is expected to hold one folder, for one version of Node-API.');
  }
  return name;
}

/**
 * The files of a platform's folder without second copies: npm cannot carry links, so on macOS the library comes
 * under two names, and the binding asks for one of them.
 */
function needed(folder) {
  const names = readdirSync(folder).sort();
  const binding = readFileSync(path.join(folder, 'onnxruntime_binding.node'));
  return names.filter((name) => {
    if (name.endsWith('.node') || binding.includes(name)) return true;
    const twin = names.find(
      (other) => other !== name && binding.includes(other) && sameContent(folder, name, other),
    );
    return twin === undefined;
  });
}

function sameContent(folder, one, other) {
  return readFileSync(path.join(folder, one)).equals(readFileSync(path.join(folder, other)));
}

function scripts(nodeModules, folder) {
  return readdirSync(path.join(nodeModules, folder))
    .filter((name) => name.endsWith('.js'))
    .map((name) => `${folder}/${name}`);
}

function at(nodeModules, name) {
  return { to: name, from: path.join(nodeModules, name) };
}
