{{ config(materialized='table') }}

{#
    Each exit by each measure. Days at work are those of unsubsidised spells (no public-welfare posts), as far as each is
    known to reach, overlaps once. Short of the days needed while an open spell is not followed to the end: unknown.
#}
with spells as (
    select
        spells.person_key,
        spells.placement_key,
        spells.started_on,
        spells.reaches_on,
        spells.is_open,
        placements.monthly_wage
    from {{ ref('int_employment_spells') }} as spells
    inner join {{ ref('int_placements') }} as placements
        on spells.person_key = placements.person_key and spells.placement_key = placements.placement_key
    where not placements.is_public_post
),

worked as (
    select
        windows.person_key,
        windows.exited_on,
        windows.measure,
        spells.placement_key,
        spells.started_on,
        spells.monthly_wage,
        greatest(spells.started_on, windows.looked_from) as worked_from,
        least(spells.reaches_on, windows.looked_until) as worked_until,
        spells.is_open and spells.reaches_on < windows.looked_until as is_lost_sight_of,
        spells.reaches_on >= windows.looked_from as is_in_window
    from {{ ref('int_programme_windows') }} as windows
    inner join spells
        on windows.person_key = spells.person_key and windows.looked_until >= spells.started_on
    where windows.looked_until <= {{ as_of() }}
),

laid_out as (
    select
        worked.*,
        max(worked_until) over (
            partition by person_key, exited_on, measure order by worked_from, placement_key
            rows between unbounded preceding and 1 preceding
        ) as worked_before,
        row_number() over (
            partition by person_key, exited_on, measure
            order by case when is_in_window then 0 else 1 end, started_on desc, placement_key asc
        ) as place
    from worked
),

counted as (
    select
        laid_out.*,
        -- What an earlier spell has reached already counts once.
        greatest(worked_from, coalesce({{ add_days('worked_before', '1') }}, worked_from)) as counted_from
    from laid_out
),

summed as (
    select
        person_key,
        exited_on,
        measure,
        sum(
            case
                when not is_in_window then 0
                else greatest(0, {{ days_between('counted_from', 'worked_until') }} + 1)
            end
        ) as days_worked,
        max(case when is_lost_sight_of then 1 else 0 end) as is_lost_sight_of,
        max(case when place = 1 and is_in_window then monthly_wage end) as monthly_wage
    from counted
    group by person_key, exited_on, measure
)

select
    windows.person_key,
    windows.district_code,
    windows.exited_on,
    windows.exit_quarter_no,
    windows.measure,
    windows.looked_until as due_on,
    case
        when windows.looked_until > {{ as_of() }} then 'not_due'
        when summed.days_worked >= windows.days_needed then 'achieved'
        when summed.is_lost_sight_of = 1 then 'unknown'
        else 'not_achieved'
    end as outcome,
    cast(coalesce(summed.days_worked, 0) as integer) as days_worked,
    summed.monthly_wage
from {{ ref('int_programme_windows') }} as windows
left join summed
    on
        windows.person_key = summed.person_key
        and windows.exited_on = summed.exited_on
        and windows.measure = summed.measure
