{# A row for each district, month for which it owes placements or has some, and horizon. #}
with cells as (
    select
        coalesce(cohorts.district_code, owed.district_code) as district_code,
        coalesce(cohorts.started_month_no, owed.month_no) as month_no,
        coalesce(cohorts.horizon_days, owed.horizon_days) as horizon_days,
        case when cohorts.district_code is not null or owed.is_begun then coalesce(cohorts.placements, 0) end as placements,
        case when cohorts.district_code is not null or owed.is_begun then coalesce(cohorts.due, 0) end as due,
        case when cohorts.district_code is not null or owed.is_begun then coalesce(cohorts.retained, 0) end as retained,
        case when cohorts.district_code is not null or owed.is_begun then coalesce(cohorts.lost, 0) end as lost,
        case when cohorts.district_code is not null or owed.is_begun then coalesce(cohorts.unknown, 0) end as unknown,
        cohorts.followed_up,
        owed.townships,
        owed.townships_reported,
        owed.reason_if_absent
    from {{ ref('int_cohort_outcomes') }} as cohorts
    full outer join {{ ref('int_cohorts_owed') }} as owed
        on
            cohorts.district_code = owed.district_code
            and cohorts.started_month_no = owed.month_no
            and cohorts.horizon_days = owed.horizon_days
)

select
    cells.district_code,
    {{ month_of_no('cells.month_no') }} as cohort_month,
    cells.horizon_days,
    cast(cells.placements as integer) as placements,
    cast(cells.due as integer) as due,
    cast(cells.retained as integer) as retained,
    cast(cells.lost as integer) as lost,
    cast(cells.unknown as integer) as unknown,
    {{ share('cells.retained', '(cells.retained + cells.lost)') }} as rate_known,
    {{ share('cells.retained', 'cells.due') }} as rate_lower,
    {{ share('(cells.retained + cells.unknown)', 'cells.due') }} as rate_upper,
    case when cells.due > 0 then survival.km_rate end as km_rate,
    {{ share('cells.followed_up', 'cells.due') }} as follow_up_coverage,
    case
        when cells.placements is null then cells.reason_if_absent
        when cells.placements = 0 then 'no_placements'
        when cells.due = 0 then 'not_due'
        when cells.due = cells.unknown then 'all_unknown'
    end as reason,
    cells.townships,
    cells.townships_reported,
    cells.month_no as cohort_month_no,
    {{ rule_text(['gap_days', 'evidence_window_days'], fixed='employer=any public_posts=in') }} as rule
from cells
cross join {{ ref('int_rule_parameters') }} as parameters
left join {{ ref('int_cohort_survival') }} as survival
    on
        cells.district_code = survival.district_code
        and cells.month_no = survival.started_month_no
        and cells.horizon_days = survival.horizon_days
