/** The logs view as one script. */
export { logsActions, logsCursor } from '../../features/logs/logs-commands.ts';
export { LogsView } from '../../features/logs/logs-view.tsx';
