{{ config(materialized='table') }}

select
    coalesce(district_code, organisation_code) as district_code,
    organisation_code,
    kind,
    feed,
    period,
    period_start,
    period_end,
    {{ month_no('period_start') }} as first_month_no,
    {{ month_no('period_end') }} as last_month_no,
    state,
    reason,
    coalesce(received_at <= due_at, false) as is_received_in_time,
    due_at <= {{ as_of_instant() }} as is_due,
    -- What a figure of this period lacks where nothing speaks for it.
    case
        when state = 'waived' then 'waived'
        when reason = 'rejected' then 'rejected'
        when state in ('due', 'not_due') then 'awaited'
        else 'nothing_sent'
    end as reason_if_absent
from {{ ref('stg_obligation_state') }}
