import { useNavigate, useParams } from '@tanstack/react-router';
import { api, ask } from '../../api.ts';
import { useAct } from '../../parts/forms/act.ts';
import { useAsItIs } from '../../parts/forms/as-it-is.ts';
import { useConfirm } from '../../parts/forms/confirm.tsx';
import { Icon } from '../../parts/icons.tsx';
import { Loaded, Page } from '../../parts/page.tsx';
import { statusPageQuery, type StatusPage } from '../../queries.ts';
import { StatusMessages } from './status-messages.tsx';
import { StatusPageForm, type StatusPageDraft } from './status-page-form.tsx';

const REFRESH = [['status-pages']];
const EMPTY: StatusPageDraft = {
  slug: '',
  title: '',
  description: '',
  groups: [{ name: 'Services', monitorIds: [] }],
  published: true,
};

export function NewStatusPage() {
  const navigate = useNavigate();
  const create = useAct({
    act: (body: StatusPageDraft) => ask(api.POST('/v1/status-pages', { body })),
    said: 'Status page created.',
    refresh: REFRESH,
    onDone: ({ id }) => void navigate({ to: '/status-pages/$id', params: { id } }),
    inForm: true,
  });
  return (
    <Page title="New status page" narrow>
      <StatusPageForm
        initial={EMPTY}
        verb="Create page"
        error={create.error}
        busy={create.isPending}
        onSubmit={create.mutate}
      />
    </Page>
  );
}

export function EditStatusPage() {
  const { id } = useParams({ from: '/shell/status-pages/$id' });
  const query = useAsItIs(statusPageQuery(id));
  return <Loaded query={query}>{(page) => <Editor key={page.id} page={page} />}</Loaded>;
}

function Editor({ page }: { page: StatusPage }) {
  const { id, slug, title, description, groups, published } = page;
  const params = { path: { id } };
  const save = useAct({
    act: (body: StatusPageDraft) => ask(api.PATCH('/v1/status-pages/{id}', { params, body })),
    said: 'Saved.',
    refresh: REFRESH,
    inForm: true,
  });
  return (
    <Page
      title={title}
      narrow
      actions={
        <>
          {published && (
            <a href={`/status/${slug}`} target="_blank" rel="noreferrer" className="button">
              View
              <Icon name="external" />
            </a>
          )}
          <DeleteButton id={id} title={title} />
        </>
      }
    >
      <StatusPageForm
        initial={{ slug, title, description, groups, published }}
        verb="Save"
        error={save.error}
        busy={save.isPending}
        onSubmit={save.mutate}
      />
      <StatusMessages id={id} />
    </Page>
  );
}

function DeleteButton({ id, title }: { id: string; title: string }) {
  const confirm = useConfirm();
  const navigate = useNavigate();
  const remove = useAct({
    act: () => ask(api.DELETE('/v1/status-pages/{id}', { params: { path: { id } } })),
    said: 'Status page deleted.',
    refresh: REFRESH,
    onDone: () => void navigate({ to: '/status-pages' }),
  });
  const onClick = async () => {
    const text = 'Its address answers no more, and its messages go with it.';
    if (await confirm({ title: `Delete ${title}?`, text, verb: 'Delete' })) remove.mutate();
  };
  return (
    <button type="button" className="button button-quiet-danger" onClick={() => void onClick()}>
      Delete
    </button>
  );
}
