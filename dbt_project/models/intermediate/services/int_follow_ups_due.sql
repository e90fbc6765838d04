{{
    config(
        materialized='incremental',
        incremental_strategy='touched_people',
        keeps_replaced=true,
        indexes=[{'columns': ['person_key']}]
    )
}}

{#
    Follow-ups that are owed: at each horizon of a placement that had not ended by then, from the month in which the
    township first owes a follow-up ledger. The first call or visit from evidence_window_days before to as long after the
    due day does it. What was not done is `missed` only where the ledger speaks for the whole window.
#}
with first_owed as (
    select
        organisation_code,
        min(first_month_no) as first_month_no
    from {{ ref('int_obligations') }}
    where feed = 'follow_up'
    group by organisation_code
),

owed as (
    select
        placements.placement_key,
        placements.person_key,
        placements.district_code,
        placements.township_code,
        horizons.horizon_days,
        {{ add_days('placements.started_on', 'horizons.horizon_days') }} as due_on,
        {{ add_days('placements.started_on', 'horizons.horizon_days + parameters.evidence_window_days') }} as window_until,
        parameters.follow_up_grace_days
    from {{ ref('int_placements') }} as placements
    inner join first_owed on placements.township_code = first_owed.organisation_code
    cross join {{ ref('int_horizons') }} as horizons
    cross join {{ ref('int_rule_parameters') }} as parameters
    where
        {{ add_days('placements.started_on', 'horizons.horizon_days') }} <= {{ add_days(as_of(), '31') }}
        and coalesce(
            placements.ended_on >= {{ add_days('placements.started_on', 'horizons.horizon_days') }}, true
        )
        and {{ month_no(add_days('placements.started_on', 'horizons.horizon_days')) }} >= first_owed.first_month_no
        and {{ in_scope('placements.person_key') }}
),

-- From the few people who were followed up; what is not owed falls out in the join below.
calls as (
    select
        placements.placement_key,
        placements.person_key,
        horizons.horizon_days,
        follow_ups.followed_up_on,
        follow_ups.result,
        parameters.placed_again_days,
        row_number() over (
            partition by placements.placement_key, horizons.horizon_days
            order by follow_ups.followed_up_on, follow_ups.follow_up_key
        ) as place
    from {{ ref('int_placements') }} as placements
    inner join {{ ref('int_follow_ups') }} as follow_ups on placements.person_key = follow_ups.person_key
    cross join {{ ref('int_horizons') }} as horizons
    cross join {{ ref('int_rule_parameters') }} as parameters
    where
        follow_ups.followed_up_on <= {{ as_of() }}
        and follow_ups.followed_up_on
        between {{ add_days('placements.started_on', 'horizons.horizon_days - parameters.evidence_window_days') }}
        and {{ add_days('placements.started_on', 'horizons.horizon_days + parameters.evidence_window_days') }}
        and {{ in_scope('placements.person_key') }}
        and {{ in_scope('follow_ups.person_key') }}
),

again as (
    select
        calls.placement_key,
        calls.horizon_days,
        min(placements.started_on) as placed_again_on
    from calls
    inner join {{ ref('int_placements') }} as placements
        on
            calls.person_key = placements.person_key
            and calls.followed_up_on < placements.started_on
            and placements.started_on <= {{ add_days('calls.followed_up_on', 'calls.placed_again_days') }}
    where
        calls.place = 1
        and calls.result = 'out_of_work'
        and {{ in_scope('placements.person_key') }}
    group by calls.placement_key, calls.horizon_days
)

select
    owed.placement_key,
    owed.person_key,
    owed.district_code,
    owed.township_code,
    owed.horizon_days,
    owed.due_on,
    {{ month_no('owed.due_on') }} as month_no,
    owed.window_until as closes_on,
    calls.followed_up_on as done_on,
    calls.result,
    again.placed_again_on,
    case
        when calls.followed_up_on <= {{ add_days('owed.due_on', 'owed.follow_up_grace_days') }} then 'on_time'
        when calls.followed_up_on is not null then 'late'
        when coverage.covered_until >= owed.window_until then 'missed'
        when owed.window_until < {{ as_of() }} then 'not_reported'
        when owed.due_on <= {{ as_of() }} then 'due'
        else 'coming'
    end as state
from owed
left join calls
    on owed.placement_key = calls.placement_key and owed.horizon_days = calls.horizon_days and calls.place = 1
left join again on owed.placement_key = again.placement_key and owed.horizon_days = again.horizon_days
left join {{ ref('int_ledger_coverage') }} as coverage
    on owed.township_code = coverage.organisation_code and coverage.feed = 'follow_up'
-- A person's rows lie together: a night reads a third of the pages.
order by owed.person_key
