import type { Queryable } from '../db/db.ts';
import { FUNCTIONS, PRIVILEGES, ROLES, type RoleOwner } from '../db/privileges.ts';

/** Privileges such as "UPDATE (last_used_at) on api_keys". */
export interface PrivilegeDifferences {
  readonly role: string;
  readonly missing: readonly string[];
  /** Held, but not granted by the migration. */
  readonly excess: readonly string[];
}

/** How the privileges of the apps' roles differ from those that the migration grants. Leaves out roles that do not exist. */
export async function comparePrivileges(db: Queryable): Promise<PrivilegeDifferences[]> {
  const differences = [];
  for (const owner of Object.keys(ROLES) as RoleOwner[]) {
    const role = ROLES[owner];
    const existing = await db.$queryRaw<unknown[]>`SELECT 1 FROM pg_roles WHERE rolname = ${role}`;
    if (existing.length === 0) continue;
    const [wanted, held] = [
      new Set(wantedPrivileges(owner)),
      new Set(await heldPrivileges(db, role)),
    ];
    differences.push({
      role,
      missing: [...wanted.difference(held)].sort(),
      excess: [...held.difference(wanted)].sort(),
    });
  }
  return differences;
}

/** A privilege for several columns counts as one for each of them. */
function wantedPrivileges(owner: RoleOwner): string[] {
  const ofTables = Object.entries(PRIVILEGES).flatMap(([table, of]) =>
    (of[owner] ?? []).flatMap((privilege) => {
      const [, kind = '', columns] = /^(\w+)(?: \((.*)\))?$/.exec(privilege) ?? [];
      return columns === undefined
        ? [`${kind} on ${table}`]
        : columns.split(', ').map((it) => `${kind} (${it}) on ${table}`);
    }),
  );
  return [...ofTables, ...FUNCTIONS[owner].map((name) => `EXECUTE on ${name}`)];
}

async function heldPrivileges(db: Queryable, role: string): Promise<string[]> {
  // On trust, "privilege": texts joined from columns that are never null.
  const rows = await db.$queryRaw<{ privilege: string }[]>`
    SELECT privilege_type || ' on ' || relname AS privilege FROM pg_class, aclexplode(relacl)
    WHERE grantee = ${role}::regrole AND relnamespace = 'public'::regnamespace
    UNION ALL
    SELECT privilege_type || ' (' || attname || ') on ' || relname
    FROM pg_attribute JOIN pg_class AS c ON c.oid = attrelid, aclexplode(attacl)
    WHERE grantee = ${role}::regrole AND relnamespace = 'public'::regnamespace
    UNION ALL
    SELECT 'EXECUTE on ' || name FROM unnest(${Object.values(FUNCTIONS).flat()}::text[]) AS name
    WHERE has_function_privilege(${role}, to_regprocedure(name), 'EXECUTE')`;
  return rows.map(({ privilege }) => privilege);
}
