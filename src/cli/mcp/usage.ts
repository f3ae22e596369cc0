/** How `neosearch mcp` is called; apart from the command, which brings much along and is loaded when it is run. */
export const USAGE = 'mcp [--root DIR]... [--index-dir DIR] [--model NAME|DIR] [--threads N]';
