"""The roles of the warehouse: made and given their rights, and what is wrong with them."""

from __future__ import annotations

from dataclasses import dataclass

import psycopg


@dataclass(frozen=True)
class Access:
    """How access stands. `missing`: roles that this user may not make; `memberships`: (role, member) that this user may
    not grant; `leaks`: (role, relation, why) of what a reader
    can reach that it should not; `strangers`: logins of zaoxue_district to which no district belongs."""

    missing: tuple[str, ...]
    memberships: tuple[tuple[str, str], ...]
    leaks: tuple[tuple[str, str, str], ...]
    strangers: tuple[str, ...]

    @property
    def advice(self) -> str:
        """What a person has to do, empty if nothing."""
        lines = []
        if self.missing:
            lines.append(
                "Roles are missing, and this database user may not make them (it lacks CREATEROLE). Nobody but the owner"
                " can read the marts."
            )
        if self.missing or self.memberships:
            lines.append("Without these the board shows districts no marts. Let an administrator of the server run:")
            lines += [f"    create role {role} nologin;" for role in self.missing]
            lines += [f'    grant {role} to "{member}";' for role, member in self.memberships]
            lines.append("then run `zaoxue db access` again.")
        lines += [f"{role} can read {relation}: {why}" for role, relation, why in self.leaks]
        lines += [
            f"{login} belongs to no district and sees no rows: insert into ops.login_district (login, district_code)"
            for login in self.strangers
        ]
        return "\n".join(lines)


def grant_access(connection: psycopg.Connection) -> Access:
    """Make the roles that are missing, as far as the user may, give each its rights, and look for what is wrong.

    May be called again at any time. Marts get their rights from the build that makes them (`ops.secure_mart`).
    """
    missing = tuple(role for (role,) in connection.execute("select ops.grant_access()").fetchall())
    memberships = connection.execute("select role_name, member from ops.missing_memberships()").fetchall()
    leaks = connection.execute(
        "select role_name, relation, why from ops.access_leak order by role_name, relation"
    ).fetchall()
    strangers = connection.execute(
        "select m.rolname from pg_auth_members as a join pg_roles as m on m.oid = a.member"
        " where a.roleid = to_regrole('zaoxue_district') and m.rolcanlogin"
        " and m.rolname not in (select login from ops.login_district) order by 1"
    ).fetchall()
    return Access(missing, tuple(memberships), tuple(leaks), tuple(login for (login,) in strangers))
