import { ViewHeader } from '../../parts/view-header.tsx';

interface TraceViewProps {
  readonly traceId: string;
  readonly source: string | null;
}

export function TraceView({ traceId }: TraceViewProps) {
  return <ViewHeader title={traceId} />;
}
