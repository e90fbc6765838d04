{{ config(materialized='table') }}

select
    recipient as district_code,
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
    is_expected,
    is_actual,
    is_on_time,
    is_late,
    is_awaited,
    is_missing,
    is_rejected,
    is_nil,
    is_waived,
    -- What a figure of this period lacks where nothing speaks for it.
    case
        when state = 'waived' then 'waived'
        when reason = 'rejected' then 'rejected'
        when state in ('due', 'not_due') then 'awaited'
        else 'nothing_sent'
    end as reason_if_absent
from {{ ref('stg_obligation_state') }}
