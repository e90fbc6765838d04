-- The parameters side by side, one row, to be cross joined.
select
    max(case when parameter = 'gap_days' then value end) as gap_days,
    max(case when parameter = 'evidence_window_days' then value end) as evidence_window_days,
    max(case when parameter = 'placement_window_days' then value end) as placement_window_days,
    max(case when parameter = 'final_after_days' then value end) as final_after_days,
    max(case when parameter = 'small_cell' then value end) as small_cell,
    max(case when parameter = 'stable_days' then value end) as stable_days
from {{ ref('rule_parameter') }}
