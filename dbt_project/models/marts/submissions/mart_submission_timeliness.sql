{#
    The reporting rates of DHIS2. expected: obligations whose due time has come, or that were met before it; neither waived
    nor not due. actual: met, in time or late, nil reports included.
#}
with judged as (
    select
        obligations.*,
        state in ('on_time', 'late', 'nil') as is_actual,
        state in ('on_time', 'late', 'nil', 'missing') or (state = 'due' and is_due) as is_expected
    from {{ ref('int_obligations') }} as obligations
),

counted as (
    select
        district_code,
        feed,
        period,
        min(period_start) as period_start,
        min(period_end) as period_end,
        sum(case when is_expected then 1 else 0 end) as expected,
        sum(case when is_actual then 1 else 0 end) as actual,
        sum(case when is_actual and is_received_in_time then 1 else 0 end) as on_time,
        sum(case when is_actual and not is_received_in_time then 1 else 0 end) as late,
        sum(case when state = 'missing' then 1 else 0 end) as missing,
        sum(case when is_expected and reason = 'rejected' then 1 else 0 end) as rejected,
        sum(case when state = 'nil' then 1 else 0 end) as nil,
        sum(case when state = 'waived' then 1 else 0 end) as waived,
        sum(case when is_expected and state = 'due' then 1 else 0 end) as awaited
    from judged
    where state <> 'not_due'
    group by district_code, feed, period
)

select
    district_code,
    feed,
    period,
    cast(expected as integer) as expected,
    cast(actual as integer) as actual,
    cast(on_time as integer) as on_time,
    cast(late as integer) as late,
    cast(missing as integer) as missing,
    cast(rejected as integer) as rejected,
    cast(nil as integer) as nil,
    cast(waived as integer) as waived,
    {{ share('actual', 'expected') }} as reporting_rate,
    {{ share('on_time', 'expected') }} as reporting_rate_on_time,
    cast(awaited as integer) as awaited,
    case
        when expected = 0 and waived > 0 then 'waived'
        when expected = 0 then 'not_due'
    end as reason,
    period_start,
    period_end
from counted
