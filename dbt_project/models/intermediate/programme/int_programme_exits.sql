{{ config(materialized='table') }}

{#
    Exits, one row for each person and time in the programme: the last service after which none follows for exit_gap_days,
    dated back to it, once those days have passed (until then nobody knows that it was the last). Services are training (to
    its last day), referrals and measures of a plan; calls and placements are what is measured.
#}
with services as (
    select
        person_key,
        served_on as served_from,
        served_on as served_until
    from {{ ref('int_services') }}
    where kind in ('referral', 'assistance_plan')
    union all
    select
        person_key,
        started_on as served_from,
        greatest(started_on, coalesce(ended_on, started_on)) as served_until
    from {{ ref('int_training') }}
),

served as (
    select
        person_key,
        served_from,
        max(served_until) as served_until
    from services
    where served_from <= {{ as_of() }}
    group by person_key, served_from
),

followed as (
    select
        person_key,
        max(served_until) over (
            partition by person_key order by served_from rows between unbounded preceding and current row
        ) as served_until,
        lead(served_from) over (partition by person_key order by served_from) as next_served_from
    from served
)

select
    followed.person_key,
    coalesce(townships.district_code, substr(people.township_code, 1, 6)) as district_code,
    followed.served_until as exited_on,
    cast(floor({{ month_no('followed.served_until') }} / 3.0) as integer) as exit_quarter_no
from followed
cross join {{ ref('int_rule_parameters') }} as parameters
inner join {{ ref('int_people') }} as people on followed.person_key = people.person_key
left join {{ ref('int_townships') }} as townships on people.township_code = townships.township_code
where
    {{ add_days('followed.served_until', 'parameters.exit_gap_days') }} <= {{ as_of() }}
    and (
        followed.next_served_from is null
        or {{ days_between('followed.served_until', 'followed.next_served_from') }} > parameters.exit_gap_days
    )
