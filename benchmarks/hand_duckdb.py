"""The rules about one table, written by hand in SQL for DuckDB."""

from __future__ import annotations

import duckdb
from data import ON

CLAUSES = """
  verdict(condition) AS "membership.condition",
  verdict(would_benefit) AS "membership.benefit",
  verdict(need) AS "membership.need",
  verdict(assessed) AS "membership.assessed","""

SQL = """
WITH seen AS (
  SELECT id, would_benefit,
    mental_health OR substance_use AS condition,
    routine_harmed OR urgent AS need,
    CASE WHEN referred_on <= $on THEN referred_on END AS referred,
    CASE WHEN assessed_on <= $on THEN assessed_on END AS assessed_day,
    CASE WHEN admitted_on <= $on THEN admitted_on END AS admitted,
    CASE WHEN admitted_on > $on THEN DATE '5000-01-01' ELSE admitted_on END AS admitted_on,
    CASE WHEN planned_on__none OR planned_on > $on THEN DATE '5000-01-01' ELSE planned_on END AS planned_on,
    CASE WHEN reviewed_on__none OR reviewed_on > $on THEN DATE '6000-01-01' ELSE reviewed_on END AS reviewed_on,
    CASE WHEN ended_on__none OR ended_on > $on THEN DATE '7000-01-01' ELSE ended_on END AS ended_on
  FROM {table}),
asked AS (
  SELECT *, assessed_day <= admitted AS assessed, admitted - referred AS waited,
    admitted_on + 30 AS plan_due, planned_on + 90 AS review_due,
    CASE WHEN planned_on = DATE '5000-01-01' THEN DATE '6000-01-01' ELSE planned_on END AS planned
  FROM seen)
SELECT id,{clauses}
  verdict(condition AND would_benefit AND need AND assessed) AS "membership.all",
  verdict(waited >= 0 AND waited <= 90) AS "membership.in_time",
  deadline(plan_due, planned, ended_on, $on) AS "plan.written",
  deadline(review_due, reviewed_on, ended_on, $on) AS "plan.reviewed"
FROM asked
"""

VERDICT = """
CREATE OR REPLACE MACRO verdict(truth) AS
  (CASE WHEN truth THEN 1 WHEN truth IS NULL THEN 2 ELSE 0 END)::TINYINT
"""
DEADLINE = """
CREATE OR REPLACE MACRO deadline(due, done, ended, today) AS
  (CASE WHEN done <= due THEN 1 WHEN due IS NULL OR done IS NULL OR ended IS NULL THEN 2
    WHEN ended <= due THEN 4 WHEN due < today THEN 0 ELSE 3 END)::TINYINT
"""


def prepared(connection: duckdb.DuckDBPyConnection) -> None:
    """The two macros that the query uses."""
    for macro in (VERDICT, DEADLINE):
        connection.execute(macro)


def query(table: str, *, clauses: bool = False) -> str:
    """The query over a table."""
    return SQL.format(table=table, clauses=CLAUSES if clauses else "").replace("$on", f"DATE '{ON}'")
