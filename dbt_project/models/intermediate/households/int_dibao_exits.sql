{#
    One row for each exit of a household from minimum living security. It lasted where the household's file, of a day after
    the exit, does not call it a dibao household again and no later exit tells of a new start.
    The work behind it is judged on the day work_holds_days after the exit, from the merged spell the member was in that day.
#}
with ordered as (
    select
        exits.*,
        row_number() over (
            partition by exits.household_key, exits.exited_on
            order by exits.organisation_code
        ) as place,
        lead(exits.dibao_started_on) over (partition by exits.household_key order by exits.exited_on) as next_started_on
    from {{ ref('stg_dibao_exit') }} as exits
),

spells as (
    select
        ordered.household_key,
        ordered.exited_on,
        continuity.is_open,
        continuity.merged_end_on,
        continuity.last_evidence_on,
        row_number() over (
            partition by ordered.household_key, ordered.exited_on
            order by continuity.started_on desc, continuity.placement_key asc
        ) as place
    from ordered
    inner join {{ ref('int_placement_continuity') }} as continuity
        on
            ordered.member_key = continuity.person_key
            and ordered.exited_on >= continuity.started_on
            and coalesce(ordered.exited_on <= continuity.merged_end_on, true)
    where ordered.place = 1
),

judged as (
    select
        ordered.*,
        coalesce(townships.district_code, substr(ordered.organisation_code, 1, 6)) as district_code,
        {{ add_days('ordered.exited_on', 'parameters.work_holds_days') }} as work_due_on,
        {{ add_days('ordered.exited_on', 'parameters.work_holds_days - parameters.evidence_window_days') }} as work_window_from,
        spells.household_key is not null as has_spell,
        spells.is_open,
        spells.merged_end_on,
        spells.last_evidence_on,
        households.household_type,
        households.listed_until
    from ordered
    cross join {{ ref('int_rule_parameters') }} as parameters
    left join spells
        on ordered.household_key = spells.household_key and ordered.exited_on = spells.exited_on and spells.place = 1
    left join {{ ref('int_households') }} as households on ordered.household_key = households.household_key
    left join {{ ref('int_townships') }} as townships on ordered.organisation_code = townships.township_code
    where ordered.place = 1
)

select
    {{ key_of(['household_key', 'exited_on']) }} as dibao_exit_key,
    household_key,
    district_code,
    organisation_code as township_code,
    dibao_started_on,
    exited_on,
    {{ month_no('exited_on') }} as month_no,
    reason,
    is_voluntary,
    cast(persons_covered as integer) as persons_covered,
    monthly_benefit,
    income_per_head,
    local_standard,
    member_key as person_key,
    case
        when next_started_on > exited_on then 'returned'
        when listed_until > exited_on and household_type = 'dibao' then 'returned'
        when listed_until > exited_on then 'lasted'
        else 'unknown'
    end as outcome,
    case
        when reason not in ('employment', 'startup') then null
        when not has_spell then 'no_spell'
        when work_due_on > {{ as_of() }} then 'not_due'
        when not is_open and merged_end_on < work_due_on then 'lost'
        when not is_open then 'retained'
        when last_evidence_on >= work_window_from then 'retained'
        else 'unknown'
    end as work_outcome
from judged
