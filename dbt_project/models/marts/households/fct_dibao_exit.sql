select
    dibao_exit_key,
    household_key,
    district_code,
    township_code,
    dibao_started_on,
    exited_on,
    reason,
    is_voluntary,
    persons_covered,
    monthly_benefit,
    income_per_head,
    local_standard,
    person_key,
    outcome,
    work_outcome,
    month_no
from {{ ref('int_dibao_exits') }}
