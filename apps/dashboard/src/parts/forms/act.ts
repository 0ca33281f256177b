import { useMutation, useQueryClient, type QueryKey } from '@tanstack/react-query';
import { useToast } from '../toasts.tsx';

interface ActOptions<Given, Result> {
  readonly act: (given: Given) => Promise<Result>;
  /** Said when it is done. */
  readonly said?: string | ((result: Result) => string);
  /** What is out of date then. */
  readonly refresh: readonly QueryKey[];
  readonly onDone?: (result: Result) => void;
  /** The form that shows the error itself. */
  readonly inForm?: boolean;
}

/** Something that a button does: asks the api, says how it went, and has what is shown asked for again. */
export function useAct<Given, Result>({
  act,
  said,
  refresh,
  onDone,
  inForm = false,
}: ActOptions<Given, Result>) {
  const queryClient = useQueryClient();
  const say = useToast();
  return useMutation({
    mutationFn: act,
    onSuccess: async (result) => {
      if (said) say(typeof said === 'string' ? said : said(result));
      onDone?.(result);
      await Promise.all(refresh.map((queryKey) => queryClient.invalidateQueries({ queryKey })));
    },
    onError: (error) => {
      if (!inForm) say(error.message, true);
    },
  });
}
