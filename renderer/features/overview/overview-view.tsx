import { ViewHeader } from '../../parts/view-header.tsx';

export function OverviewView() {
  return <ViewHeader title="Overview" />;
}
