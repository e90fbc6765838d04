-- The time in which each measure looks at each exit: the second and fourth quarter after it, or the year after it.
with exits as (
    select * from {{ ref('int_programme_exits') }}
)

select
    person_key,
    district_code,
    exited_on,
    exit_quarter_no,
    'employed_q2' as measure,
    {{ month_of_no('(3 * exit_quarter_no + 6)') }} as looked_from,
    {{ month_end_of_no('(3 * exit_quarter_no + 8)') }} as looked_until,
    1 as days_needed
from exits
union all
select
    person_key,
    district_code,
    exited_on,
    exit_quarter_no,
    'employed_q4' as measure,
    {{ month_of_no('(3 * exit_quarter_no + 12)') }} as looked_from,
    {{ month_end_of_no('(3 * exit_quarter_no + 14)') }} as looked_until,
    1 as days_needed
from exits
union all
select
    exits.person_key,
    exits.district_code,
    exits.exited_on,
    exits.exit_quarter_no,
    'job_outcome_26_weeks' as measure,
    {{ add_days('exits.exited_on', '1') }} as looked_from,
    {{ add_days('exits.exited_on', 'parameters.job_outcome_window_days') }} as looked_until,
    parameters.job_outcome_days as days_needed
from exits
cross join {{ ref('int_rule_parameters') }} as parameters
