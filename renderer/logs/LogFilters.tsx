import { Button, FormSelect, FormSelectOption, SearchInput } from '@patternfly/react-core';
import { LOG_SEVERITIES, LOG_SOURCES, type LogSender } from '../../src/contract/logs.ts';
import { logText } from '../text/logs.ts';
import { ALL_LOGS, LOG_RANGES, writeFilter, type LogFilter } from './filter.ts';
import { timeOf } from './time.ts';

interface LogFiltersProps {
  readonly filter: LogFilter;
  /** The text as it is typed; it becomes part of the filter a moment later. */
  readonly typed: string;
  readonly senders: readonly LogSender[];
  readonly onFilter: (filter: LogFilter) => void;
  readonly onType: (typed: string) => void;
}

/** What of the logs is shown: each may be left open, and all of it is kept in the address. */
export function LogFilters({ filter, typed, senders, onFilter, onType }: LogFiltersProps) {
  const { host, source, severity, range } = filter;
  const hosts = [...new Set([...senders.map((sender) => sender.host), ...(host === '' ? [] : [host])])];
  const untouched = writeFilter(filter) === '' && typed === '';
  return (
    <div className="log-filters" role="search" aria-label={logText.filters}>
      <SearchInput
        searchInputId="log-search"
        aria-label={logText.search}
        placeholder={logText.searchHint}
        value={typed}
        onChange={(_event, value) => {
          onType(value);
        }}
        onClear={() => {
          onType('');
        }}
      />
      <FormSelect
        aria-label={logText.host}
        value={host}
        onChange={(_event, value) => {
          onFilter({ ...filter, host: value });
        }}
      >
        <FormSelectOption value="" label={logText.anyHost} />
        {hosts.map((name) => (
          <FormSelectOption key={name} value={name} label={name} />
        ))}
      </FormSelect>
      <FormSelect
        aria-label={logText.kind}
        value={source ?? ''}
        onChange={(_event, value) => {
          onFilter({ ...filter, source: LOG_SOURCES.find((known) => known === value) ?? null });
        }}
      >
        <FormSelectOption value="" label={logText.anySource} />
        {LOG_SOURCES.map((kind) => (
          <FormSelectOption key={kind} value={kind} label={logText.source(kind)} />
        ))}
      </FormSelect>
      <FormSelect
        aria-label={logText.severityAtLeast}
        value={severity ?? ''}
        onChange={(_event, value) => {
          onFilter({ ...filter, severity: LOG_SEVERITIES.find((known) => known === value) ?? null });
        }}
      >
        <FormSelectOption value="" label={logText.anySeverity} />
        {LOG_SEVERITIES.map((name) => (
          <FormSelectOption key={name} value={name} label={logText.orWorse(logText.severity(name))} />
        ))}
      </FormSelect>
      <FormSelect
        aria-label={logText.when}
        value={range}
        onChange={(_event, value) => {
          onFilter({ ...filter, range: LOG_RANGES.find((known) => known === value) ?? 'all' });
        }}
      >
        {LOG_RANGES.map((name) =>
          name !== 'between' ? (
            <FormSelectOption key={name} value={name} label={logText.range(name)} />
          ) : filter.since === '' && filter.until === '' ? null : (
            <FormSelectOption
              key={name}
              value={name}
              label={logText.between(minuteOf(filter.since), minuteOf(filter.until))}
            />
          ),
        )}
      </FormSelect>
      {untouched ? null : (
        <Button
          variant="link"
          isInline
          onClick={() => {
            onType('');
            onFilter(ALL_LOGS);
          }}
        >
          {logText.showAll}
        </Button>
      )}
    </div>
  );
}

/** Without its seconds: a list of choices has little room. */
function minuteOf(at: string): string {
  return at === '' ? '' : timeOf(at).slice(0, -3);
}
