import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Icon } from '../../parts/icons.tsx';
import { Empty, Loaded, Page } from '../../parts/page.tsx';
import { statusPagesQuery, type StatusPage } from '../../queries.ts';

export function StatusPagesPage() {
  const query = useQuery(statusPagesQuery);
  const create = (
    <Link to="/status-pages/new" className="button button-primary">
      <Icon name="plus" />
      New status page
    </Link>
  );
  return (
    <Page
      title="Status pages"
      note="Public pages for your own users. They need no login and no JavaScript."
      actions={create}
    >
      <Loaded query={query}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title="No status pages yet">
              <p>Choose monitors, give the page an address, and publish it.</p>
            </Empty>
          ) : (
            <PageTable pages={items} />
          )
        }
      </Loaded>
    </Page>
  );
}

function PageTable({ pages }: { pages: readonly StatusPage[] }) {
  return (
    <table className="table stack">
      <thead>
        <tr>
          <th scope="col">Title</th>
          <th scope="col">Address</th>
          <th scope="col">Monitors</th>
          <th scope="col">State</th>
        </tr>
      </thead>
      <tbody>
        {pages.map(({ id, title, slug, groups, published }) => (
          <tr key={id}>
            <td className="cell-name">
              <Link to="/status-pages/$id" params={{ id }} className="row-link">
                {title}
              </Link>
            </td>
            <td data-label="Address">
              {published ? (
                <a href={`/status/${slug}`} target="_blank" rel="noreferrer" className="out">
                  /status/{slug}
                  <Icon name="external" />
                </a>
              ) : (
                <span className="muted">/status/{slug}</span>
              )}
            </td>
            <td data-label="Monitors">
              {new Set(groups.flatMap(({ monitorIds }) => monitorIds)).size}
            </td>
            <td data-label="State">
              {published ? 'Published' : <span className="muted">Draft</span>}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
