select
    household_key,
    dibao_started_on,
    exited_on,
    reason,
    is_voluntary,
    persons_covered,
    monthly_benefit,
    income_per_head,
    local_standard,
    member_key,
    approved_on,
    organisation_code,
    _from_submission as from_submission
from {{ source('raw', 'dibao_exit') }}
where {{ is_known() }}
