select
    counted.employer_key,
    employers.employer_name,
    counted.horizon_days,
    cast(counted.placements as integer) as placements,
    cast(counted.due as integer) as due,
    cast(counted.retained as integer) as retained,
    cast(counted.lost as integer) as lost,
    cast(counted.unknown as integer) as unknown,
    {{ share('counted.retained', '(counted.retained + counted.lost)') }} as rate_known,
    {{ share('counted.retained', 'counted.due') }} as rate_lower,
    {{ share('(counted.retained + counted.unknown)', 'counted.due') }} as rate_upper,
    {{ rule_text(['gap_days', 'evidence_window_days'], fixed='employer=any public_posts=in') }} as rule
from {{ ref('int_employer_outcomes') }} as counted
inner join {{ ref('int_employers') }} as employers on counted.employer_key = employers.employer_key
cross join {{ ref('int_rule_parameters') }} as parameters
