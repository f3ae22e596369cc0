/**
 * Unsaved text of open documents, told to the engine: a moment after typing stops, again after the engine
 * restarted, and null once the text is as on disk.
 */
import * as vscode from 'vscode';
import { TextChanged } from '../../protocol/messages';
import type { EngineSupervisor } from '../engineClient/supervisor';
import type { Opener } from '../features';
import { later } from './later';

/** Milliseconds after the last keystroke. */
const QUIET = 300;
/** UTF-16 code units of a document whose unsaved text is told; longer ones are not indexed either. */
const LONGEST = 2 * 1024 * 1024;

export class Overlays implements vscode.Disposable {
  /** Documents whose text the engine was told, by URI. */
  private readonly told = new Map<string, vscode.Uri>();
  private readonly waiting = new Map<string, () => void>();
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
    for (const callOff of this.waiting.values()) callOff();
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
    this.waiting.get(key)?.();
    const callOff = later(() => {
      this.waiting.delete(key);
      if (document.isClosed || !document.isDirty) this.asOnDisk(document.uri);
      else this.tell(document);
    }, QUIET);
    this.waiting.set(key, callOff);
  }

  private tell(document: vscode.TextDocument): void {
    const place = this.opener.placeOf(document.uri);
    if (place === undefined) return;
    const text = document.getText();
    if (text.length > LONGEST) return;
    this.told.set(document.uri.toString(), document.uri);
    this.engine.notify(TextChanged, { root: place.root, path: place.path, text });
  }

  private asOnDisk(uri: vscode.Uri): void {
    const key = uri.toString();
    this.waiting.get(key)?.();
    this.waiting.delete(key);
    if (!this.told.delete(key)) return;
    const place = this.opener.placeOf(uri);
    if (place !== undefined)
      this.engine.notify(TextChanged, { root: place.root, path: place.path, text: null });
  }
}
