{#
    A row for each district, month for which it owes placements or has some, horizon, measure, and with or without
    public-welfare posts: offices mean different things by 稳定就业, so each rate stands beside its rule.
#}
{% set measures = [
    ('continuous', 'in'), ('continuous', 'out'), ('same_employer', 'in'), ('same_employer', 'out'), ('on_day', 'in'), ('on_day', 'out')
] %}
with cells as (
    select
        cohorts.*,
        coalesce(cohorts.district_code, owed.district_code) as cell_district_code,
        coalesce(cohorts.started_month_no, owed.month_no) as cell_month_no,
        coalesce(cohorts.horizon_days, owed.horizon_days) as cell_horizon_days,
        cohorts.district_code is not null or owed.is_begun as is_known,
        owed.reason_if_absent
    from {{ ref('int_cohort_measures') }} as cohorts
    full outer join {{ ref('int_cohorts_owed') }} as owed
        on
            cohorts.district_code = owed.district_code
            and cohorts.started_month_no = owed.month_no
            and cohorts.horizon_days = owed.horizon_days
),

measured as (
    {% for measure, posts in measures %}
        select
            cell_district_code as district_code,
            cell_month_no as month_no,
            cell_horizon_days as horizon_days,
            '{{ measure }}' as measure,
            '{{ posts }}' as public_posts,
            case when is_known then coalesce(placements_{{ posts }}, 0) end as placements,
            case when is_known then coalesce(due_{{ posts }}, 0) end as due,
            case when is_known then coalesce({{ measure }}_retained_{{ posts }}, 0) end as retained,
            case when is_known then coalesce({{ measure }}_lost_{{ posts }}, 0) end as lost,
            reason_if_absent
        from cells
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select
    measured.district_code,
    {{ month_of_no('measured.month_no') }} as cohort_month,
    measured.horizon_days,
    measured.measure,
    measured.public_posts,
    cast(measured.placements as integer) as placements,
    cast(measured.due as integer) as due,
    cast(measured.retained as integer) as retained,
    cast(measured.lost as integer) as lost,
    cast(measured.due - measured.retained - measured.lost as integer) as unknown,
    {{ share('measured.retained', '(measured.retained + measured.lost)') }} as rate_known,
    {{ share('measured.retained', 'measured.due') }} as rate_lower,
    {{ share('(measured.due - measured.lost)', 'measured.due') }} as rate_upper,
    case
        when measured.placements is null then measured.reason_if_absent
        when measured.placements = 0 then 'no_placements'
        when measured.due = 0 then 'not_due'
        when measured.retained + measured.lost = 0 then 'all_unknown'
    end as reason,
    measured.month_no as cohort_month_no,
    case measured.measure
        when 'on_day' then {{ rule_text(['evidence_window_days'], fixed='employer=any') }}
        when 'same_employer' then {{ rule_text(['gap_days', 'evidence_window_days'], fixed='employer=same') }}
        else {{ rule_text(['gap_days', 'evidence_window_days'], fixed='employer=any') }}
    end
    || ' measure=' || measured.measure || ' public_posts=' || measured.public_posts as rule
from measured
cross join {{ ref('int_rule_parameters') }} as parameters
