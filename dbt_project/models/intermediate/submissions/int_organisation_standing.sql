{{ config(materialized='table') }}

{#
    What of an organisation's submissions decides about rows of single people: until when its placements are listed, until
    when its follow-ups are covered, and since when it owes them.
#}
-- depends_on: {{ ref('int_organisation_standing_before') }}
with coverage as (
    select
        organisation_code,
        max(case when feed = 'placement' then listed_until end) as placements_listed_until,
        max(case when feed = 'follow_up' then covered_until end) as follow_ups_covered_until
    from {{ ref('int_ledger_coverage') }}
    group by organisation_code
),

owed as (
    select
        organisation_code,
        min(first_month_no) as follow_ups_owed_from
    from {{ ref('int_obligations') }}
    where feed = 'follow_up'
    group by organisation_code
)

select
    coalesce(coverage.organisation_code, owed.organisation_code) as organisation_code,
    coverage.placements_listed_until,
    coverage.follow_ups_covered_until,
    owed.follow_ups_owed_from
from coverage
full outer join owed on coverage.organisation_code = owed.organisation_code
