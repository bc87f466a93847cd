import { entry, type CommandEntry } from '../command-entry.ts';

const search = ['traces'] as const;
const trace = ['trace'] as const;

/** The commands of the traces view, and of one trace. */
export const tracesCommands = {
  'traces.search': entry('Traces', search, 'Write the search', 'search', '/'),
  'traces.sort': entry('Traces', search, 'Newest or longest first', 'sort', 'o'),
  'traces.dependencies': entry('Traces', search, 'Which service calls which', 'dependencies', 'D'),
  'traces.open-file': entry('Traces', ['global'], 'Open a trace file', '', 'O'),
  'traces.source': entry('Traces', ['traces', 'trace'], 'Ask the next Jaeger', 'source', 'J'),

  'trace.first': entry('Move', trace, 'First span', '', 'g g', 'Home'),
  'trace.last': entry('Move', trace, 'Last span', '', 'G', 'End'),
  // Beside the keys of every list, those that people know from Jaeger's own page.
  'trace.down': entry('Move', trace, 'Next span', '', 'f'),
  'trace.up': entry('Move', trace, 'Previous span', '', 'b'),
  'trace.page-down': entry('Move', trace, 'A page of spans down', '', 's', 'PageDown'),
  'trace.page-up': entry('Move', trace, 'A page of spans up', '', 'w', 'PageUp'),
  'trace.fold': entry('Traces', trace, 'Fold, or go to the parent', 'fold', 'h', 'ArrowLeft'),
  'trace.unfold': entry('Traces', trace, 'Unfold, or go to the first child', 'fold', 'l', 'ArrowRight'),
  'trace.fold-all': entry('Traces', trace, 'Fold all', '', ']'),
  'trace.unfold-all': entry('Traces', trace, 'Unfold all', '', '['),
  'trace.fold-level': entry('Traces', trace, 'Fold one level more', '', ')'),
  'trace.unfold-level': entry('Traces', trace, 'Unfold one level more', '', '('),
  'trace.next': entry('Traces', trace, 'Next error, or next match of the find', 'error', 'n'),
  'trace.previous': entry('Traces', trace, 'Previous error, or previous match of the find', '', 'N'),
  'trace.path': entry('Traces', trace, 'Only the critical path', 'path', 'v'),
  'trace.find': entry('Traces', trace, 'Find in this trace', 'find', '/', 'Mod+b'),
  'trace.zoom-in': entry('Traces', trace, 'Zoom in', 'zoom', '+', '='),
  'trace.zoom-out': entry('Traces', trace, 'Zoom out', 'zoom', '-'),
  'trace.zoom-all': entry('Traces', trace, 'The whole trace', '', '0'),
  'trace.pan-earlier': entry('Traces', trace, 'Pan to earlier', '', ','),
  'trace.pan-later': entry('Traces', trace, 'Pan to later', '', '.'),
  'trace.detail': entry('Traces', trace, 'Show or hide the span’s detail', 'detail', 'Enter'),
  'trace.logs': entry('Traces', trace, 'Logs of this trace around the span', 'logs', 'L'),
  'trace.metrics': entry('Traces', trace, 'Golden signals of the span’s service', 'metrics', 'm'),
  'trace.copy-id': entry('Traces', trace, 'Copy the trace’s id', 'copy id', 'Y'),
} as const satisfies Record<string, CommandEntry>;
