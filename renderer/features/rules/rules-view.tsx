import { ViewHeader } from '../../parts/view-header.tsx';

export function RulesView() {
  return <ViewHeader title="Local rules" />;
}
