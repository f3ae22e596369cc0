/**
 * Unsaved text of open documents, told to the engine: a moment after typing stops, again after the engine
 * restarted, and null once the text is as on disk.
 */
import * as vscode from 'vscode';
import { MOST_UNSAVED } from '../../protocol/limits';
import { TextChanged } from '../../protocol/messages';
import type { EngineSupervisor } from '../engineClient/supervisor';
import type { Opener } from '../features';
import { later } from './later';

/** Milliseconds after the last keystroke. */
const QUIET = 300;
/** Milliseconds after which the text of somebody who never stops typing is told. */
const LONGEST = 1500;

export class Overlays implements vscode.Disposable {
  /** Documents whose text the engine was told, by URI. */
  private readonly told = new Map<string, vscode.Uri>();
  private readonly waiting = new Map<string, { readonly callOff: () => void; readonly since: number }>();
  private readonly disposable: vscode.Disposable;

  constructor(
    private readonly engine: Pick<EngineSupervisor, 'notify' | 'onDidConnect'>,
    private readonly opener: Pick<Opener, 'placeOf'>,
  ) {
    this.disposable = vscode.Disposable.from(
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.changed(document)),
      vscode.workspace.onDidSaveTextDocument((document) => this.asOnDisk(document.uri)),
      vscode.workspace.onDidCloseTextDocument((document) => this.asOnDisk(document.uri)),
      engine.onDidConnect(() => this.tellAll()),
    );
    this.tellAll();
  }

  dispose(): void {
    this.disposable.dispose();
    for (const { callOff } of this.waiting.values()) callOff();
    this.waiting.clear();
  }

  private tellAll(): void {
    this.told.clear();
    for (const document of vscode.workspace.textDocuments) {
      if (document.isDirty) this.tell(document);
    }
  }

  private changed(document: vscode.TextDocument): void {
    const key = document.uri.toString();
    if (document.uri.scheme !== 'file' || (!document.isDirty && !this.told.has(key))) return;
    const now = Date.now();
    const before = this.waiting.get(key);
    before?.callOff();
    const since = before?.since ?? now;
    const callOff = later(
      () => {
        this.waiting.delete(key);
        if (document.isClosed || !document.isDirty) this.asOnDisk(document.uri);
        else this.tell(document);
      },
      Math.max(0, Math.min(QUIET, since + LONGEST - now)),
    );
    this.waiting.set(key, { callOff, since });
  }

  private tell(document: vscode.TextDocument): void {
    const place = this.opener.placeOf(document.uri);
    if (place === undefined) return;
    const text = document.getText();
    if (text.length > MOST_UNSAVED) {
      // Of an earlier, shorter text nothing must stay.
      this.asOnDisk(document.uri);
      return;
    }
    this.told.set(document.uri.toString(), document.uri);
    this.engine.notify(TextChanged, { root: place.root, path: place.path, text });
  }

  private asOnDisk(uri: vscode.Uri): void {
    const key = uri.toString();
    this.waiting.get(key)?.callOff();
    this.waiting.delete(key);
    if (!this.told.delete(key)) return;
    const place = this.opener.placeOf(uri);
    if (place !== undefined)
      this.engine.notify(TextChanged, { root: place.root, path: place.path, text: null });
  }
}
