import { ViewHeader } from '../../parts/view-header.tsx';

export function TracesView() {
  return <ViewHeader title="Traces" />;
}
