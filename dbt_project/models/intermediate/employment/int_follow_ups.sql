{{
    config(
        materialized='incremental',
        incremental_strategy='touched_people',
        indexes=[{'columns': ['person_key']}]
    )
}}

-- One row for each call or visit of a township to a person on a day: two monthly files may tell of the same one.
with ordered as (
    select
        *,
        row_number() over (
            partition by person_key, followed_up_on, organisation_code
            order by reported_period desc, result asc, channel asc, monthly_wage desc nulls last
        ) as place
    from {{ ref('stg_follow_up') }}
    where {{ in_scope_unindexed('person_key') }}
)

select
    {{ key_of(['ordered.person_key', 'ordered.followed_up_on', 'ordered.organisation_code']) }} as follow_up_key,
    ordered.person_key,
    coalesce(townships.district_code, substr(ordered.organisation_code, 1, 6)) as district_code,
    ordered.organisation_code as township_code,
    ordered.followed_up_on,
    {{ month_no('ordered.followed_up_on') }} as month_no,
    ordered.channel,
    ordered.result,
    ordered.monthly_wage,
    ordered.result <> 'not_reached' as is_reached
from ordered
left join {{ ref('int_townships') }} as townships on ordered.organisation_code = townships.township_code
where ordered.place = 1
