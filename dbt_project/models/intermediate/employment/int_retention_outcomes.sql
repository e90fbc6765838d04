{{
    config(
        materialized='incremental',
        incremental_strategy='touched_people',
        keeps_replaced=true,
        indexes=[{'columns': ['person_key']}]
    )
}}

-- Horizons at which somebody reached the person: from the few who were followed up, not from every placement at every horizon.
with reached as (
    select
        spells.placement_key,
        {{ list_of('horizons.horizon_days') }} as horizons
    from {{ ref('int_employment_spells') }} as spells
    inner join {{ ref('int_follow_ups') }} as follow_ups on spells.person_key = follow_ups.person_key
    cross join {{ ref('int_horizons') }} as horizons
    cross join {{ ref('int_rule_parameters') }} as parameters
    where
        follow_ups.is_reached
        and follow_ups.followed_up_on <= {{ as_of() }}
        and {{ add_days('spells.started_on', 'horizons.horizon_days') }} <= {{ as_of() }}
        and follow_ups.followed_up_on
        between {{ add_days('spells.started_on', 'horizons.horizon_days - parameters.evidence_window_days') }}
        and {{ add_days('spells.started_on', 'horizons.horizon_days + parameters.evidence_window_days') }}
        and {{ in_scope('spells.person_key') }}
        and {{ in_scope('follow_ups.person_key') }}
    group by spells.placement_key
),

milestones as (
    select
        continuity.*,
        horizons.horizon_days,
        {{ add_days('continuity.started_on', 'horizons.horizon_days') }} as due_on,
        {{ add_days('continuity.started_on', 'horizons.horizon_days - parameters.evidence_window_days') }} as window_from,
        coalesce({{ is_listed('horizons.horizon_days', 'reached.horizons') }}, false) as is_followed_up
    from {{ ref('int_placement_continuity') }} as continuity
    left join reached on continuity.placement_key = reached.placement_key
    cross join {{ ref('int_horizons') }} as horizons
    cross join {{ ref('int_rule_parameters') }} as parameters
    where {{ in_scope('continuity.person_key') }}
),

outcomes as (
    select
        milestones.*,
        case
            when due_on > {{ as_of() }} then 'not_due'
            when merged_end_on < due_on then 'lost'
            when merged_end_on >= due_on then 'retained'
            when last_evidence_on >= window_from then 'retained'
            else 'unknown'
        end as outcome
    from milestones
)

select
    outcomes.placement_key,
    outcomes.person_key,
    outcomes.district_code,
    outcomes.township_code,
    outcomes.started_on,
    outcomes.started_month_no,
    outcomes.horizon_days,
    outcomes.due_on,
    outcomes.outcome,
    case
        when outcomes.outcome = 'not_due' then null
        when outcomes.is_open then outcomes.last_evidence
        else outcomes.merged_end_evidence
    end as evidence,
    case
        when outcomes.outcome = 'not_due' then null
        when outcomes.is_open then outcomes.last_evidence_on
        else outcomes.merged_end_on
    end as evidence_on,
    outcomes.is_followed_up
from outcomes
-- A person's rows lie together: a night reads a third of the pages.
order by outcomes.person_key
