/**
 * What the editor's extension host and the engine process say to each other: JSON-RPC over the process's IPC
 * channel. Values only, converted by hand on both sides; docs/protocol.md describes the conversation.
 *
 * Paths of files are relative to their root, with forward slashes; lines count from 1, both ends included.
 */
import { NotificationType, RequestType, RequestType0 } from 'vscode-jsonrpc';

/** Both sides must have the same; the engine refuses another in `initialize`. */
export const PROTOCOL_VERSION = 1;

// ---- conversation ----------------------------------------------------------------------------------------

/** The first request. Nothing else is answered before it. */
export const Initialize = new RequestType<InitializeParams, InitializeResult, WireFailure>('initialize');
/** Replaces roots and settings; what changed takes effect at once, what did not goes on. */
export const Configure = new RequestType<Configuration, void, WireFailure>('configure');

/** Cancellable; a client that asks anew cancels the request before. */
export const Search = new RequestType<SearchParams, WireAnswer, WireFailure>('search');
export const Similar = new RequestType<SimilarParams, WireAnswer, WireFailure>('similar');
export const Related = new RequestType<RelatedParams, WireRelated, WireFailure>('related');
export const Duplicates = new RequestType<DuplicatesParams, WireDuplicates, WireFailure>('duplicates');
export const GetStatus = new RequestType0<WireStatus, WireFailure>('status');

/** Forgets the index of the roots named (all without names) and indexes again. */
export const Rebuild = new RequestType<RootsParams, void, WireFailure>('rebuild');
/** Deletes the index of the roots named; nothing is indexed again until `rebuild` or `configure`. */
export const DeleteIndex = new RequestType<RootsParams, void, WireFailure>('deleteIndex');
export const Pause = new RequestType0<void, WireFailure>('pause');
export const Resume = new RequestType0<void, WireFailure>('resume');
/** Resolves when everything known to have changed is in the index, vectors included, or indexing is paused. */
export const WhenIdle = new RequestType0<void, WireFailure>('whenIdle');
/** The engine ends; what was finished is kept. */
export const Shutdown = new RequestType0<void, WireFailure>('shutdown');

/** From the editor: what the watcher saw, coalesced. */
export const FilesChanged = new NotificationType<FilesChangedParams>('filesChanged');
/** From the editor: compare the whole folder with the index (on start, focus, after a lost watch). */
export const Rescan = new NotificationType<RootsParams>('rescan');
/** From the editor: the text of a document as it is in the editor while it differs from the disk. */
export const TextChanged = new NotificationType<TextChangedParams>('textChanged');
/** From the editor: files that the user looks at; they are read and encoded before others. */
export const Looking = new NotificationType<LookingParams>('looking');

/** From the engine: sent whenever something of it changed, at most ten times a second. */
export const StatusChanged = new NotificationType<WireStatus>('statusChanged');
/** From the engine: a line for the log channel. */
export const Log = new NotificationType<LogParams>('log');
/** From the engine: how far a long request is, by its `progressId`. */
export const Progress = new NotificationType<ProgressParams>('progress');

// ---- settings --------------------------------------------------------------------------------------------

export interface InitializeParams {
  readonly protocolVersion: number;
  /** Folder that holds dist/ and media/ of this installation. */
  readonly installation: string;
  readonly configuration: Configuration;
}

export interface InitializeResult {
  readonly protocolVersion: number;
  readonly version: string;
  readonly pid: number;
}

export interface Configuration {
  readonly roots: readonly WireRoot[];
  readonly engine: EngineSettings;
}

export interface WireRoot {
  /** Absolute path of the folder as the editor has it; names the root in every message. */
  readonly path: string;
  /** As the editor shows it. */
  readonly name: string;
  readonly settings: RootSettings;
}

export interface RootSettings {
  /** Editor globs (files.exclude, search.exclude, neosearch.exclude): what matches is neither indexed nor shown. */
  readonly exclude: readonly string[];
  /** Editor globs; with any, only what matches one is indexed. */
  readonly include: readonly string[];
  /** search.useIgnoreFiles: whether .gitignore and the like hold (.neosearchignore always does). */
  readonly useIgnoreFiles: boolean;
  /** Larger files are left out. */
  readonly maxFileBytes: number;
}

export type Device = 'auto' | 'cpu' | 'cuda' | 'coreml' | 'webgpu' | 'directml';
export type LogLevel = 'error' | 'warn' | 'info' | 'debug';

export interface EngineSettings {
  /** Folder that holds all indexes; the per-OS cache folder without. */
  readonly home?: string;
  /** Folder of an encoder; the shipped one without. */
  readonly model?: string;
  readonly device: Device;
  /** Threads of the encoder; half the processor's without. */
  readonly threads?: number;
  /** Tokens of a chunk at most; the measured default without. */
  readonly chunkTokens?: number;
  /** What happens on battery power. */
  readonly onBattery: 'continue' | 'slow' | 'pause';
  /** What happens while the user types: slow (the default) leaves the processor to the editor. */
  readonly whileTyping?: 'continue' | 'slow';
  /** lower: tests and vendored code rank lower unless asked for; same: no difference. */
  readonly testsAndVendored: 'lower' | 'same';
  readonly logLevel: LogLevel;
  /** Whether the editor starts out paused (the user paused it in an earlier session). */
  readonly paused: boolean;
}

// ---- questions -------------------------------------------------------------------------------------------

export type WireMode = 'hybrid' | 'semantic' | 'lexical';
/** all; code: no documentation; docs: documentation only. */
export type WireKind = 'all' | 'code' | 'docs';

export interface SearchParams {
  /** May hold filters: `path:`, `-path:`, `lang:`, `"phrase"`. */
  readonly query: string;
  readonly mode: WireMode;
  /** Most hits. */
  readonly limit: number;
  /** Most hits of one file. */
  readonly perFile: number;
  /** Globs that a path must match one of, relative to its root. */
  readonly paths: readonly string[];
  /** VS Code language ids. */
  readonly languages: readonly string[];
  readonly kind: WireKind;
  /** false: tests do not answer at all. */
  readonly includeTests: boolean;
  /** Roots to ask; all without. */
  readonly roots?: readonly string[];
  /** Most lines of a snippet; 12 without. */
  readonly snippetLines?: number;
}

export interface WirePlace {
  readonly root: string;
  readonly path: string;
  readonly startLine: number;
  readonly endLine: number;
}

export interface SimilarParams {
  /** Left out of the answer. */
  readonly place: WirePlace;
  /** The text itself, where the editor's differs from the disk, or part of a line is selected. */
  readonly text?: string;
  readonly limit: number;
}

export interface RelatedParams {
  readonly root: string;
  readonly path: string;
  readonly limit: number;
}

export interface DuplicatesParams {
  readonly progressId: string;
  /** Least similarity of two chunks in one cluster, in [-1, 1]. */
  readonly minSimilarity: number;
  /** Chunks of fewer lines are left out. */
  readonly minLines: number;
  readonly includeTests: boolean;
  readonly roots?: readonly string[];
}

export interface RootsParams {
  readonly roots?: readonly string[];
}

export interface FilesChangedParams {
  readonly root: string;
  /** Files or folders, relative to the root. */
  readonly changed: readonly string[];
  readonly deleted: readonly string[];
}

/** Told when typing rests: the engine sets to work on it at once. */
export interface TextChangedParams {
  readonly root: string;
  readonly path: string;
  /** null: as on disk again (saved, reverted or closed), or longer than `MOST_UNSAVED`. */
  readonly text: string | null;
}

export interface LookingParams {
  readonly root: string;
  readonly paths: readonly string[];
}

// ---- answers ---------------------------------------------------------------------------------------------

export interface WireHit extends WirePlace {
  /** VS Code language id. */
  readonly language: string;
  /** Enclosing symbols or headings, outermost first. */
  readonly breadcrumb: readonly string[];
  /** Higher is better; comparable within one answer only. */
  readonly score: number;
  /** Cosine in [-1, 1], where the chunk has a vector. */
  readonly similarity?: number;
  readonly reasons: readonly WireReason[];
  /** Whole lines. */
  readonly snippet: string;
  /** Line that the snippet opens with. */
  readonly snippetLine: number;
  /** Parts of the snippet that the query's words match: half-open ranges of UTF-16 code units. */
  readonly marks: readonly (readonly [start: number, end: number])[];
  /** Lines that answer best, inside the hit: what opening the hit reveals. */
  readonly focusLine: number;
  /** Other places with the very same text, folded into this hit. */
  readonly copies: readonly WirePlace[];
}

export interface WireReason {
  readonly signal: 'meaning' | 'words' | 'symbol' | 'definition' | 'path' | 'file' | 'place';
  /** The values add up to the score. */
  readonly value: number;
}

export interface WireAnswer {
  readonly hits: readonly WireHit[];
  /** What the asker should know: a cut query, an index that is not complete. One sentence each. */
  readonly notes: readonly string[];
}

export interface WireRelated {
  readonly files: readonly WireRelatedFile[];
  /** Why there are none, in one sentence (not indexed, still indexing, left out because ...). */
  readonly reason?: string;
}

export interface WireRelatedFile {
  readonly root: string;
  readonly path: string;
  readonly language: string;
  readonly score: number;
  /** Closest chunk pairs first. */
  readonly pairs: readonly WirePair[];
}

export interface WirePair {
  readonly own: WirePairSide;
  readonly other: WirePairSide;
  /** Cosine in [-1, 1]. */
  readonly similarity: number;
}

export interface WirePairSide {
  readonly startLine: number;
  readonly endLine: number;
  readonly breadcrumb: readonly string[];
}

export interface WireDuplicates {
  /** Largest first, by lines that could go. */
  readonly clusters: readonly WireCluster[];
  readonly notes: readonly string[];
}

export interface WireCluster {
  readonly places: readonly WireHit[];
  /** Whether all texts are equal but for layout. */
  readonly identical: boolean;
  /** Least and mean similarity within the cluster. */
  readonly minSimilarity: number;
  readonly meanSimilarity: number;
  /** Lines of all places but one. */
  readonly redundantLines: number;
  /** Files, and folders of the first level below the root, that it spreads over. */
  readonly files: number;
  readonly folders: number;
}

// ---- status ----------------------------------------------------------------------------------------------

/**
 * - `waiting`: known, not looked at yet
 * - `scanning`: compared with the folder
 * - `indexing`: files are read or chunks encoded
 * - `ready`: all is in the index
 * - `paused`: something is left to do, and the user (or battery policy) wants none done
 * - `reading`: another window or program writes this index; this one searches it
 * - `deleted`: the user deleted the index
 * - `failed`: see `problem`
 */
export type RootState =
  'waiting' | 'scanning' | 'indexing' | 'ready' | 'paused' | 'reading' | 'deleted' | 'failed';

export interface WireStatus {
  readonly roots: readonly WireRootStatus[];
  readonly paused: boolean;
  /** Why it is paused, when not by the user. */
  readonly pausedBecause?: 'battery';
  readonly encoder: string;
  /** What the encoder runs on, in words. */
  readonly device: string;
  /** Bytes of memory that the engine process holds. */
  readonly memoryBytes: number;
}

export interface WireRootStatus {
  readonly path: string;
  readonly name: string;
  readonly state: RootState;
  /** One line that says what is wrong and what to do; with `failed`, and beside others as a warning. */
  readonly problem?: string;
  readonly files: number;
  readonly chunks: number;
  /** Chunks without a vector. */
  readonly pending: number;
  /** Grows with every change of the index: answers may be others than before. */
  readonly revision?: number;
  /** Share of the current work that is done, in [0, 1]; never falls while `state` stays. */
  readonly progress: number;
  readonly filesDone: number;
  readonly filesTotal: number;
  /** Reason to number of files left out. */
  readonly skipped: Readonly<Record<string, number>>;
  readonly ann: 'hnsw' | 'exact';
  readonly annReason: string;
  readonly diskBytes: number;
  readonly indexDir: string;
  /** Who writes it, when `reading`. */
  readonly writer?: string;
}

export interface LogParams {
  readonly level: LogLevel;
  readonly line: string;
}

export interface ProgressParams {
  readonly progressId: string;
  /** In [0, 1]. */
  readonly done: number;
  readonly message: string;
}

/** `data` of a failed request: the code of a NeosearchError, or `bug`. */
export interface WireFailure {
  readonly code: string;
}
