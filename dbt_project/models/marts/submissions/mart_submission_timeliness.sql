{#
    The reporting rates of DHIS2. What an obligation counts as is defined once, in ops.obligation_measure; the terminal and
    the board sum the same columns.
#}
with counted as (
    select
        district_code,
        feed,
        period,
        min(period_start) as period_start,
        min(period_end) as period_end,
        sum(case when is_expected then 1 else 0 end) as expected,
        sum(case when is_actual then 1 else 0 end) as actual,
        sum(case when is_on_time then 1 else 0 end) as on_time,
        sum(case when is_late then 1 else 0 end) as late,
        sum(case when is_missing then 1 else 0 end) as missing,
        sum(case when is_rejected then 1 else 0 end) as rejected,
        sum(case when is_nil then 1 else 0 end) as nil,
        sum(case when is_waived then 1 else 0 end) as waived,
        sum(case when is_awaited then 1 else 0 end) as awaited
    from {{ ref('int_obligations') }}
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
