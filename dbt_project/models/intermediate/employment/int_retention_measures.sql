{{
    config(
        materialized='incremental',
        incremental_strategy='touched_people',
        changed_in=['int_placements', 'int_employment_spells', 'int_retention_outcomes'],
        keeps_replaced=true,
        indexes=[{'columns': ['person_key']}]
    )
}}

{#
    Each placement at each horizon by other measures than unbroken work for anybody: unbroken work for the same employer
    (spells of other employers do not merge with it), and whether the person was at work on the due day itself, whatever lay
    between. A placement whose employer the ledger does not name is an employer of its own.
#}
with spells as (
    select
        spells.placement_key,
        spells.person_key,
        spells.started_on,
        spells.is_open,
        spells.evidence_on,
        spells.reaches_on,
        coalesce(placements.employer_key, placements.placement_key) as employer,
        placements.is_public_post
    from {{ ref('int_employment_spells') }} as spells
    inner join {{ ref('int_placements') }} as placements
        on spells.person_key = placements.person_key and spells.placement_key = placements.placement_key
    where {{ in_scope('spells.person_key') }} and {{ in_scope('placements.person_key') }}
),

reaches as (
    select
        spells.*,
        max(reaches_on) over (
            partition by person_key, employer
            order by started_on, placement_key
            rows between unbounded preceding and 1 preceding
        ) as reached_before
    from spells
),

islands as (
    select
        reaches.*,
        sum(
            case when {{ days_between('reaches.reached_before', 'reaches.started_on') }} <= parameters.gap_days then 0 else 1 end
        ) over (
            partition by reaches.person_key, reaches.employer
            order by reaches.started_on, reaches.placement_key
            rows between unbounded preceding and current row
        ) as island_no
    from reaches
    cross join {{ ref('int_rule_parameters') }} as parameters
),

reached as (
    select
        islands.*,
        max(reaches_on) over merged as merged_until,
        max(evidence_on) over merged as last_evidence_on
    from islands
    window merged as (partition by person_key, employer, island_no)
),

at_one_employer as (
    select
        placement_key,
        is_public_post,
        merged_until,
        last_evidence_on,
        max(case when is_open and reaches_on = merged_until then 1 else 0 end)
            over (partition by person_key, employer, island_no)
        = 1 as is_open
    from reached
),

milestones as (
    select
        outcomes.placement_key,
        outcomes.person_key,
        outcomes.district_code,
        outcomes.started_month_no,
        outcomes.horizon_days,
        outcomes.due_on,
        {{ add_days('outcomes.started_on', 'outcomes.horizon_days - parameters.evidence_window_days') }} as window_from,
        outcomes.outcome
    from {{ ref('int_retention_outcomes') }} as outcomes
    cross join {{ ref('int_rule_parameters') }} as parameters
    where {{ in_scope('outcomes.person_key') }}
),

on_day as (
    select
        milestones.placement_key,
        milestones.horizon_days,
        max(
            case
                when not spells.is_open and spells.reaches_on >= milestones.due_on then 1
                when spells.is_open and spells.evidence_on >= milestones.window_from then 1
                else 0
            end
        ) as is_at_work,
        max(case when spells.is_open then 1 else 0 end) as may_be_at_work
    from milestones
    inner join spells on milestones.person_key = spells.person_key and milestones.due_on >= spells.started_on
    where milestones.outcome <> 'not_due'
    group by milestones.placement_key, milestones.horizon_days
)

select
    milestones.placement_key,
    milestones.person_key,
    milestones.district_code,
    milestones.started_month_no,
    milestones.horizon_days,
    at_one_employer.is_public_post,
    milestones.outcome as continuous_outcome,
    case
        when milestones.outcome = 'not_due' then 'not_due'
        when not at_one_employer.is_open and at_one_employer.merged_until < milestones.due_on then 'lost'
        when not at_one_employer.is_open then 'retained'
        when at_one_employer.last_evidence_on >= milestones.window_from then 'retained'
        else 'unknown'
    end as same_employer_outcome,
    case
        when milestones.outcome = 'not_due' then 'not_due'
        when on_day.is_at_work = 1 then 'retained'
        when on_day.may_be_at_work = 1 then 'unknown'
        else 'lost'
    end as on_day_outcome
from milestones
inner join at_one_employer on milestones.placement_key = at_one_employer.placement_key
left join on_day
    on milestones.placement_key = on_day.placement_key and milestones.horizon_days = on_day.horizon_days
-- A person's rows lie together: a night reads a third of the pages.
order by milestones.person_key
