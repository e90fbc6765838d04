select
    submission_id,
    organisation_code,
    feed,
    period,
    period_end,
    version,
    state,
    is_nil,
    received_at,
    {{ local_date('received_at') }} as received_on,
    rows_accepted,
    rows_quarantined
from {{ source('ops', 'submission') }}
where {{ was_known('received_at') }}
