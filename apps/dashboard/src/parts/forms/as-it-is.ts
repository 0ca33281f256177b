import {
  useQuery,
  type QueryKey,
  type UseQueryOptions,
  type UseQueryResult,
} from '@tanstack/react-query';

/** What an editor begins with: how it is now, and not how it was when somebody looked last. */
export function useAsItIs<Content, Key extends QueryKey>(
  options: UseQueryOptions<Content, Error, Content, Key>,
): UseQueryResult<Content> {
  const query = useQuery({ ...options, staleTime: Infinity, refetchOnMount: 'always' });
  return query.isFetchedAfterMount
    ? query
    : ({ ...query, data: undefined } as UseQueryResult<Content>);
}
