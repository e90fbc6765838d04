select
    published.area_code,
    {{ month_of_no('(3 * published.quarter_no)') }} as cohort_quarter,
    published.horizon_days,
    cast(case when not published.is_size_hidden then published.due end as integer) as due,
    cast(case when not published.is_hidden then published.retained end as integer) as retained,
    cast(case when not published.is_hidden then published.lost end as integer) as lost,
    cast(case when not published.is_hidden then published.unknown end as integer) as unknown,
    case
        when not published.is_hidden then {{ share('published.retained', '(published.retained + published.lost)') }}
    end as rate_known,
    case when not published.is_hidden then {{ share('published.retained', 'published.due') }} end as rate_lower,
    case
        when not published.is_hidden then {{ share('(published.retained + published.unknown)', 'published.due') }}
    end as rate_upper,
    case
        when published.is_small then 'small_cell'
        when published.is_hidden then 'complement'
        when published.due = 0 then 'not_due'
        when published.due = published.unknown then 'all_unknown'
    end as reason,
    {{ rule_text(['gap_days', 'evidence_window_days', 'small_cell'], fixed='public_posts=in') }} as rule,
    published.quarter_no as cohort_quarter_no
from {{ ref('int_published_retention') }} as published
cross join {{ ref('int_rule_parameters') }} as parameters
