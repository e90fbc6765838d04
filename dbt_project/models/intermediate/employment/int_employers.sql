{{ config(materialized='table') }}

{# The kind is that of the latest placement that tells one, of several the first in the alphabet. #}
with kinds as (
    select
        employer_key,
        employer_kind,
        max(employer_name) as employer_name,
        min(started_on) as first_placement_on,
        max(started_on) as last_placement_on
    from {{ ref('int_placements') }}
    where employer_key is not null
    group by employer_key, employer_kind
),

ordered as (
    select
        *,
        row_number() over (
            partition by employer_key
            order by case when employer_kind is null then 1 else 0 end, last_placement_on desc, employer_kind asc
        ) as place
    from kinds
)

select
    employer_key,
    max(employer_name) as employer_name,
    max(case when place = 1 then employer_kind end) as employer_kind,
    min(first_placement_on) as first_placement_on,
    max(last_placement_on) as last_placement_on
from ordered
group by employer_key
