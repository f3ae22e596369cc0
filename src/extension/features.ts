/**
 * What the features of the extension are given, and what they offer each other. Each feature is one folder
 * with a `register...` function that main.ts calls; it returns what must be disposed of.
 */
import type * as vscode from 'vscode';
import type {
  DuplicatesParams,
  ProgressParams,
  RelatedParams,
  SearchParams,
  SimilarParams,
  WireAnswer,
  WireDuplicates,
  WireHit,
  WirePlace,
  WireRelated,
  WireStatus,
} from '../protocol/messages';
import type { CommandId } from './ids';

/**
 * What the engine is doing, as the editor sees it.
 * - `off`: disabled by a setting: no process, no watcher
 * - `untrusted`: the workspace is not trusted yet
 * - `noFolder`: no folder is open
 * - `unsupported`: a virtual workspace, or a platform without what is needed; `reason` says which
 * - `starting`, `running`
 * - `restarting`: it crashed and comes back
 * - `stopped`: it crashed too often; only the user starts it again
 */
export type EngineState =
  | { readonly kind: 'off' }
  | { readonly kind: 'untrusted' }
  | { readonly kind: 'noFolder' }
  | { readonly kind: 'unsupported'; readonly reason: string }
  | { readonly kind: 'starting' }
  | { readonly kind: 'running'; readonly status: WireStatus; readonly pid: number }
  | { readonly kind: 'restarting' }
  | { readonly kind: 'stopped'; readonly reason: string };

/** The engine, for the features. Questions start the process when it is allowed to run and wait until it answers. */
export interface EngineApi {
  readonly state: EngineState;
  readonly onDidChangeState: vscode.Event<EngineState>;
  /**
   * @throws NeosearchError with what to do (`engine-failed` when there is none to ask)
   * @throws vscode.CancellationError
   */
  search(params: SearchParams, token?: vscode.CancellationToken): Promise<WireAnswer>;
  similar(params: SimilarParams, token?: vscode.CancellationToken): Promise<WireAnswer>;
  related(params: RelatedParams, token?: vscode.CancellationToken): Promise<WireRelated>;
  duplicates(
    params: Omit<DuplicatesParams, 'progressId'>,
    onProgress: (progress: ProgressParams) => void,
    token?: vscode.CancellationToken,
  ): Promise<WireDuplicates>;
  /** All roots without `roots`. */
  rebuild(roots?: readonly string[]): Promise<void>;
  deleteIndex(roots?: readonly string[]): Promise<void>;
  pause(): Promise<void>;
  resume(): Promise<void>;
  whenIdle(): Promise<void>;
  /** Starts it again after it was stopped. */
  restart(): Promise<void>;
}

/** The search panel, for the other features. */
export interface PanelApi {
  /** Shows the panel and searches. */
  searchFor(query: string): Promise<void>;
  /** Shows hits that another feature found, under a title, in place of a search's. */
  showHits(title: string, answer: WireAnswer, origin?: WirePlace): Promise<void>;
}

export interface FeatureContext {
  readonly extension: vscode.ExtensionContext;
  readonly engine: EngineApi;
  readonly log: vscode.LogOutputChannel;
  /** Registers a command whose errors are shown to the user, once, with what to do. */
  readonly command: (id: CommandId, run: (...args: readonly unknown[]) => unknown) => vscode.Disposable;
  /** Queries of panel and palette, newest first, remembered per workspace. */
  readonly history: QueryHistory;
}

export interface QueryHistory {
  readonly queries: readonly string[];
  readonly onDidChange: vscode.Event<readonly string[]>;
  add(query: string): void;
  clear(): void;
}

/** Opens places in the editor, one way for all features. */
export interface Opener {
  /** Opens and selects the range. */
  open(
    place: WirePlace,
    options?: { readonly toSide?: boolean; readonly preview?: boolean; readonly preserveFocus?: boolean },
  ): Promise<vscode.TextEditor>;
  uriOf(place: Pick<WirePlace, 'root' | 'path'>): vscode.Uri;
  /** `path#L10-L42`, with the folder's name first in a workspace of several. */
  referenceOf(place: WirePlace): string;
  /** As shown to the user: with the folder's name first in a workspace of several. */
  labelOf(place: Pick<WirePlace, 'root' | 'path'>): string;
  /** The place of a document in the workspace's roots, if it lies in one. */
  placeOf(uri: vscode.Uri, range?: vscode.Range): WirePlace | undefined;
}

/** More-like-this and the like for one hit, from any feature. */
export type HitAction = (hit: WireHit) => Promise<void>;
