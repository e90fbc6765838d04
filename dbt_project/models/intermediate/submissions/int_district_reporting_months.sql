-- The same for a district: how many of its townships owe the ledger of a month, and how many have sent it.
select
    district_code,
    feed,
    month_no,
    month,
    cast(count(*) as integer) as townships,
    cast(sum(case when is_covered then 1 else 0 end) as integer) as townships_reported,
    max(case when is_begun then 1 else 0 end) = 1 as is_begun,
    {{ gravest_reason('reason_if_absent') }} as reason_if_absent
from {{ ref('int_reporting_months') }}
where kind = 'township'
group by district_code, feed, month_no, month
