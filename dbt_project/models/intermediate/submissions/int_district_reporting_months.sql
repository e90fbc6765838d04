-- The same for a district: how many of its townships owe the ledger of a month, and how many have sent it.
select
    district_code,
    feed,
    month_no,
    month,
    cast(count(*) as integer) as townships,
    cast(sum(case when is_covered then 1 else 0 end) as integer) as townships_reported,
    max(case when is_begun then 1 else 0 end) = 1 as is_begun,
    -- The gravest reason of its townships.
    case
        when max(case when reason_if_absent = 'nothing_sent' then 1 else 0 end) = 1 then 'nothing_sent'
        when max(case when reason_if_absent = 'rejected' then 1 else 0 end) = 1 then 'rejected'
        when max(case when reason_if_absent = 'awaited' then 1 else 0 end) = 1 then 'awaited'
        else 'waived'
    end as reason_if_absent
from {{ ref('int_reporting_months') }}
where kind = 'township'
group by district_code, feed, month_no, month
