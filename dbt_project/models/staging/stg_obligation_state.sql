select
    organisation_code,
    organisation_name,
    kind,
    district_code,
    feed,
    period,
    period_start,
    period_end,
    due_at,
    grace_until,
    state,
    reason,
    received_at,
    submission_id
from {{ obligation_state(as_of_instant()) }}
