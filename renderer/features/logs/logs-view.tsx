import { ViewHeader } from '../../parts/view-header.tsx';

export function LogsView() {
  return <ViewHeader title="Logs" />;
}
