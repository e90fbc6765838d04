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
    received_at is not null as is_received,
    due_at <= {{ as_of_instant() }} as is_due
from {{ ref('stg_obligation_state') }}
