{{
    config(
        materialized='incremental',
        incremental_strategy='touched_people',
        indexes=[{'columns': ['person_key']}]
    )
}}

{#
    What is known of each spell: its end, or the last day for which there is evidence of work.
    An end is the ledger's, or the first follow-up on or after the start that found the person out of work, if that is earlier.
    Evidence of an open spell is the ledger's cut-off day (not before the start), or a later follow-up that found the person in
    work; both count up to as_of.
#}
with follow_ups as (
    select
        placements.placement_key,
        min(case when follow_ups.result = 'out_of_work' then follow_ups.followed_up_on end) as out_of_work_on,
        max(case when follow_ups.result in ('employed', 'employed_elsewhere') then follow_ups.followed_up_on end)
            as seen_at_work_on
    from {{ ref('int_placements') }} as placements
    inner join {{ ref('int_follow_ups') }} as follow_ups
        on
            placements.person_key = follow_ups.person_key
            and placements.started_on <= follow_ups.followed_up_on
    where
        {{ in_scope('follow_ups.person_key') }}
        and {{ in_scope('placements.person_key') }}
    group by placements.placement_key
),

ends as (
    select
        placements.placement_key,
        placements.person_key,
        placements.district_code,
        placements.township_code,
        placements.started_on,
        placements.started_month_no,
        least(placements.ended_on, follow_ups.out_of_work_on) as effective_end_on,
        case
            when placements.ended_on <= coalesce(follow_ups.out_of_work_on, placements.ended_on) then 'end_date'
            when follow_ups.out_of_work_on is not null then 'follow_up'
        end as end_evidence,
        case when placements.listed_until >= placements.started_on then placements.listed_until end as listed_until,
        -- least() alone would make as_of of a null.
        case
            when follow_ups.seen_at_work_on is not null then least(follow_ups.seen_at_work_on, {{ as_of() }})
        end as seen_at_work_on
    from {{ ref('int_placements') }} as placements
    left join follow_ups on placements.placement_key = follow_ups.placement_key
    where {{ in_scope('placements.person_key') }}
)

select
    placement_key,
    person_key,
    district_code,
    township_code,
    started_on,
    started_month_no,
    effective_end_on,
    effective_end_on is null as is_open,
    coalesce(effective_end_on, greatest(listed_until, seen_at_work_on)) as evidence_on,
    case
        when effective_end_on is not null then end_evidence
        when seen_at_work_on >= coalesce(listed_until, seen_at_work_on) then 'follow_up'
        when listed_until is not null then 'ledger'
    end as evidence,
    -- As far as the spell reaches when spells are merged.
    coalesce(effective_end_on, greatest(started_on, listed_until, seen_at_work_on)) as reaches_on
from ends
