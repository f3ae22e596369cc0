/** What the search panel's page and the extension host say to each other, by postMessage. */
import type { WireHit, WireKind, WireMode } from './messages';

/** The filters that stand beside the query. */
export interface PanelFilters {
  readonly mode: WireMode;
  readonly kind: WireKind;
  readonly includeTests: boolean;
  /** VS Code language ids; empty for all. */
  readonly languages: readonly string[];
  /** A folder relative to its root, or a glob; empty for all. */
  readonly folder: string;
}

/** What the page remembers with `setState`. */
export interface PanelMemory {
  readonly query: string;
  readonly filters: PanelFilters;
  /** How far the list is scrolled, in pixels. */
  readonly scroll: number;
}

/** A hit as the page shows it. */
export interface PanelHit extends WireHit {
  /** The file, as the user knows it. */
  readonly label: string;
}

/** Why there are no results to show, and what to do; or that all is well. */
export interface PanelCondition {
  readonly kind: 'ready' | 'busy' | 'problem';
  /** One sentence; empty when all is well. */
  readonly text: string;
  /** Share of the indexing that is done, in [0, 1]. */
  readonly progress?: number;
  /** Title of the button that does something about it. */
  readonly action?: string;
}

export type ToPage =
  | { readonly type: 'condition'; readonly condition: PanelCondition }
  | {
      readonly type: 'results';
      /** Of the request; 0 for hits that another feature shows. */
      readonly id: number;
      /** Where the hits come from when not from the query, such as "Like src/a.ts:1-20". */
      readonly title?: string;
      readonly hits: readonly PanelHit[];
      /** Whether a higher limit may give more. */
      readonly hasMore: boolean;
      readonly notes: readonly string[];
    }
  | { readonly type: 'failure'; readonly id: number; readonly message: string }
  | { readonly type: 'history'; readonly queries: readonly string[] }
  | { readonly type: 'settings'; readonly searchAsYouType: boolean; readonly canChat: boolean }
  | { readonly type: 'colors'; readonly css: string }
  /** Brings the focus to the box; with a query, searches it. */
  | { readonly type: 'focus'; readonly query?: string }
  /** The index changed: asks again, quietly. */
  | { readonly type: 'stale' };

export type HitAction =
  'open' | 'openToSide' | 'preview' | 'similar' | 'copyPath' | 'copyReference' | 'chat' | 'diff';

export type ToHost =
  | { readonly type: 'ready' }
  | {
      readonly type: 'search';
      readonly id: number;
      readonly query: string;
      readonly filters: PanelFilters;
      readonly limit: number;
    }
  /** The user meant this query: it belongs in the history. */
  | { readonly type: 'settled'; readonly query: string }
  | { readonly type: 'hit'; readonly action: HitAction; readonly hit: PanelHit }
  /** The button of the condition was pressed. */
  | { readonly type: 'resolve' }
  /** Kept by the host as well: an editor in a browser may lose what a page set shortly before a reload. */
  | { readonly type: 'remember'; readonly memory: PanelMemory }
  | { readonly type: 'focused'; readonly focused: boolean };
