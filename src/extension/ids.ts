/** Every name that the manifest and the code must agree on. A test compares the two. */

export const COMMAND = {
  search: 'neosearch.search',
  openPanel: 'neosearch.openPanel',
  openPanelInEditor: 'neosearch.openPanelInEditor',
  clearHistory: 'neosearch.clearHistory',
  findSimilar: 'neosearch.findSimilar',
  findDuplicates: 'neosearch.findDuplicates',
  exportDuplicates: 'neosearch.exportDuplicates',
  closeDuplicates: 'neosearch.closeDuplicates',
  diffWithSelection: 'neosearch.diffWithSelection',
  diffDuplicate: 'neosearch.diffDuplicate',
  showRelated: 'neosearch.showRelated',
  relatedPin: 'neosearch.related.pin',
  relatedUnpin: 'neosearch.related.unpin',
  relatedRefresh: 'neosearch.related.refresh',
  relatedOpenToSide: 'neosearch.related.openToSide',
  copyReference: 'neosearch.copyReference',
  rebuildIndex: 'neosearch.rebuildIndex',
  pauseIndexing: 'neosearch.pauseIndexing',
  resumeIndexing: 'neosearch.resumeIndexing',
  deleteIndex: 'neosearch.deleteIndex',
  showStatus: 'neosearch.showStatus',
  showLog: 'neosearch.showLog',
  selectModel: 'neosearch.selectModel',
  restartEngine: 'neosearch.restartEngine',
  openWalkthrough: 'neosearch.openWalkthrough',
} as const;
export type CommandId = (typeof COMMAND)[keyof typeof COMMAND];

/** Run by our own items only: the manifest does not know them. */
export const INTERNAL_COMMAND = { statusMenu: 'neosearch.statusMenu' } as const;

export const VIEW = {
  container: 'neosearch',
  panel: 'neosearch.panel',
  related: 'neosearch.related',
  relatedInExplorer: 'neosearch.relatedInExplorer',
  duplicates: 'neosearch.duplicates',
  /** The panel as an editor tab. */
  panelEditor: 'neosearch.panelEditor',
} as const;

export const CONTEXT = {
  /** The extension is on here and an engine may run. */
  enabled: 'neosearch.enabled',
  paused: 'neosearch.paused',
  relatedPinned: 'neosearch.relatedPinned',
  hasDuplicates: 'neosearch.hasDuplicates',
  /** A search panel has the focus. */
  panelFocused: 'neosearch.panelFocused',
} as const;
export type ContextKey = (typeof CONTEXT)[keyof typeof CONTEXT];

/** Settings, without the prefix `neosearch.`. */
export const SETTING = {
  enable: 'enable',
  include: 'include',
  exclude: 'exclude',
  maxFileSize: 'maxFileSize',
  model: 'model',
  device: 'device',
  threads: 'threads',
  onBattery: 'indexing.onBattery',
  whileTyping: 'indexing.whileTyping',
  chunkTokens: 'chunkTokens',
  indexLocation: 'indexLocation',
  maxResults: 'search.maxResults',
  testsAndVendored: 'search.testsAndVendored',
  searchAsYouType: 'search.searchAsYouType',
  /** Where "Find Similar Code" shows what it found. */
  similarIn: 'similar.showIn',
  logLevel: 'logLevel',
} as const;
export type SettingKey = (typeof SETTING)[keyof typeof SETTING];

export const CONFIGURATION_SECTION = 'neosearch';
export const WALKTHROUGH = 'neosearch.start';
/** Language-model tool. */
export const TOOL = { search: 'neosearch_search' } as const;
/** Id of the provider of MCP server definitions. */
export const MCP_PROVIDER = 'neosearch.mcp';
