-- The parameters in force on as_of, side by side, one row, to be cross joined.
select
    max(case when parameter = 'gap_days' then value end) as gap_days,
    max(case when parameter = 'evidence_window_days' then value end) as evidence_window_days,
    max(case when parameter = 'placement_window_days' then value end) as placement_window_days,
    max(case when parameter = 'final_after_days' then value end) as final_after_days,
    max(case when parameter = 'small_cell' then value end) as small_cell,
    max(case when parameter = 'stable_days' then value end) as stable_days,
    max(case when parameter = 'zero_employment_days' then value end) as zero_employment_days,
    max(case when parameter = 'follow_up_grace_days' then value end) as follow_up_grace_days,
    max(case when parameter = 'placed_again_days' then value end) as placed_again_days,
    max(case when parameter = 'recent_service_days' then value end) as recent_service_days,
    max(case when parameter = 'work_holds_days' then value end) as work_holds_days,
    max(case when parameter = 'interest_tolerance_days' then value end) as interest_tolerance_days,
    max(case when parameter = 'match_rank' then value end) as match_rank,
    max(case when parameter = 'exit_gap_days' then value end) as exit_gap_days,
    max(case when parameter = 'job_outcome_days' then value end) as job_outcome_days,
    max(case when parameter = 'job_outcome_window_days' then value end) as job_outcome_window_days
from {{ ref('rule_parameter') }}
where
    coalesce(valid_from, {{ as_of() }}) <= {{ as_of() }}
    and coalesce(valid_to, {{ as_of() }}) >= {{ as_of() }}
