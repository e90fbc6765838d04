select
    household_key,
    district_code,
    township_code,
    recognised_on,
    members_listed,
    clear_by,
    cleared_on,
    days_to_clear,
    case
        when cleared_on <= clear_by then 'cleared_in_time'
        when cleared_on is not null then 'cleared_late'
        when clear_by < {{ as_of() }} then 'overdue'
        else 'open'
    end as outcome,
    reopened_on
from {{ ref('int_zero_employment_households') }}
