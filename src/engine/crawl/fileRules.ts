/** Files that hold nothing to search, known by their names and sizes alone. */
import { isGeneratedName } from '../../core/corpus/pathClass';
import type { SkipReason } from './skipReason';

/** Why a file is left out, by its name; undefined when its name is no reason. */
export function skippedByFileName(name: string): SkipReason | undefined {
  const lower = name.toLowerCase();
  if (lockFiles.has(lower)) return 'lock-file';
  const extension = extensionOf(lower);
  const known = byExtension.get(extension);
  if (known !== undefined) return known;
  if (extension === 'map' && /\.(js|mjs|cjs|css|ts|mts|cts)\.map$/.test(lower)) return 'minified';
  if (/[.-](min|bundle|chunk)\.(js|mjs|cjs|css|html)$/.test(lower)) return 'minified';
  if (isGeneratedName(name)) return 'generated';
  return debris.test(lower) ? 'tool-data' : undefined;
}

/** Largest file unless told, in bytes. */
export const defaultMaxFileBytes = 1024 * 1024;

/**
 * Why a file is left out, by its size in bytes.
 * @param maxFileBytes largest file; a notebook, whose pictures count, may have eight times as much
 */
export function skippedBySize(name: string, size: number, maxFileBytes: number): SkipReason | undefined {
  if (size === 0) return 'empty';
  const extension = extensionOf(name.toLowerCase());
  if (size > maxFileBytes * (extension === 'ipynb' ? 8 : 1)) return 'too-large';
  return size > (dataLimits.get(extension) ?? Infinity) ? 'data' : undefined;
}

/** What follows the last dot of a name (or path), if something stands before that dot. */
function extensionOf(name: string): string {
  const dot = name.lastIndexOf('.');
  return dot > 0 && !/[/\\]/.test(name.slice(dot - 1)) ? name.slice(dot + 1) : '';
}

/** Data beyond these sizes is a table or a dump, in bytes. Below them it is an example or a setting. */
const dataLimits: ReadonlyMap<string, number> = new Map([
  ...words('csv tsv tab jsonl ndjson geojson topojson har dat log').map((word) => [word, 64 * 1024] as const),
  ...words('json xml yaml yml plist po pot xliff xlf sql ldif gpx kml srt vtt').map(
    (word) => [word, 256 * 1024] as const,
  ),
]);

const byExtension: ReadonlyMap<string, SkipReason> = new Map<string, SkipReason>([
  ...of(
    'media',
    `png jpg jpeg jpe gif bmp ico cur icns webp avif heic heif tif tiff psd ai eps xcf sketch fig svg svgz raw dng
    exr hdr tga dds ktx ktx2 mp3 mp4 m4a m4v wav flac ogg oga ogv opus aac aiff wma mid midi mov avi mkv webm wmv
    flv mpg mpeg 3gp ttf otf ttc woff woff2 eot pfb fon blend fbx glb stl dae 3ds usdz excalidraw drawio lottie`,
  ),
  ...of(
    'binary',
    `zip tar gz tgz bz2 tbz tbz2 xz txz zst lz4 lz br 7z rar cab iso dmg pkg deb rpm apk aab ipa jar war ear aar
    whl egg gem nupkg vsix crx xpi phar snupkg exe dll so dylib a lib o obj pdb ilk exp class pyc pyo pyd node wasm
    rlib rmeta elc beam hi dyn_hi luac gmo nib swiftmodule swiftdoc pch gch idb bin img rom hex elf
    uf2 pak doc docx xls xlsx ppt pptx odt ods odp pdf ps epub mobi rtf pages numbers db sqlite sqlite3 db3 mdb
    accdb dbf parquet arrow feather avro orc h5 hdf5 npy npz mat pkl pickle joblib pt pth ckpt safetensors onnx tflite
    pb gguf ggml mlmodel keras tfrecord rds rdata sav shp shx mmdb pack idx bundle swp swo lmdb unitypackage`,
  ),
  ...of('key', 'pem crt cer der p12 pfx p7b p7s jks keystore gpg pgp ppk pub kdbx'),
]);

/** Left behind by editors and systems. */
const debris = /^(\.ds_store|thumbs\.db|desktop\.ini|\.eslintcache|\.stylelintcache|.*\.tsbuildinfo|.*~)$/;

const lockFiles: ReadonlySet<string> = new Set(
  words(`package-lock.json npm-shrinkwrap.json .package-lock.json yarn.lock pnpm-lock.yaml bun.lock bun.lockb deno.lock
  cargo.lock poetry.lock pipfile.lock uv.lock pdm.lock pixi.lock pylock.toml conda-lock.yml gemfile.lock gems.locked
  composer.lock symfony.lock go.sum go.work.sum gopkg.lock glide.lock mix.lock rebar.lock pubspec.lock podfile.lock
  cartfile.resolved package.resolved flake.lock packages.lock.json paket.lock project.assets.json gradle.lockfile
  buildscript-gradle.lockfile .terraform.lock.hcl module.bazel.lock shard.lock stack.yaml.lock cabal.project.freeze
  renv.lock packrat.lock chart.lock requirements.lock requirements-dev.lock vcpkg-lock.json lazy-lock.json
  brewfile.lock.json berksfile.lock puppetfile.lock dub.selections.json nimble.lock conan.lock
  spago.lock devbox.lock devenv.lock tools.lock mise.lock`),
);

function words(text: string): string[] {
  return text.split(/\s+/);
}

function of(reason: SkipReason, extensions: string): [string, SkipReason][] {
  return words(extensions).map((extension) => [extension, reason]);
}
