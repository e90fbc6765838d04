{# A row for each district, quarter in which people left the programme and measure. #}
with counted as (
    select
        district_code,
        exit_quarter_no,
        measure,
        count(*) as exits,
        sum(case when outcome <> 'not_due' then 1 else 0 end) as due,
        sum(case when outcome = 'achieved' then 1 else 0 end) as achieved,
        sum(case when outcome = 'not_achieved' then 1 else 0 end) as not_achieved,
        sum(case when outcome = 'unknown' then 1 else 0 end) as unknown,
        sum(case when outcome = 'achieved' and monthly_wage is not null then 1 else 0 end) as wages_known,
        {{ median("case when outcome = 'achieved' then monthly_wage end") }} as median_monthly_wage
    from {{ ref('int_programme_outcomes') }}
    group by district_code, exit_quarter_no, measure
)

select
    counted.district_code,
    {{ month_of_no('(3 * counted.exit_quarter_no)') }} as exit_quarter,
    counted.measure,
    cast(counted.exits as integer) as exits,
    cast(counted.due as integer) as due,
    cast(counted.achieved as integer) as achieved,
    cast(counted.not_achieved as integer) as not_achieved,
    cast(counted.unknown as integer) as unknown,
    {{ share('counted.achieved', '(counted.achieved + counted.not_achieved)') }} as rate_known,
    {{ share('counted.achieved', 'counted.due') }} as rate_lower,
    {{ share('(counted.achieved + counted.unknown)', 'counted.due') }} as rate_upper,
    cast(counted.wages_known as integer) as wages_known,
    cast(
        case
            when counted.measure = 'employed_q2' and counted.wages_known >= parameters.small_cell
                then counted.median_monthly_wage
        end as numeric(12, 2)
    ) as median_monthly_wage,
    case
        when counted.due = 0 then 'not_due'
        when counted.due = counted.unknown then 'all_unknown'
        when counted.measure = 'employed_q2' and counted.wages_known < parameters.small_cell then 'few_wages'
    end as reason,
    {{ rule_text(
        ['exit_gap_days', 'job_outcome_days', 'job_outcome_window_days', 'small_cell'], fixed='public_posts=out'
    ) }} as rule,
    counted.exit_quarter_no
from counted
cross join {{ ref('int_rule_parameters') }} as parameters
