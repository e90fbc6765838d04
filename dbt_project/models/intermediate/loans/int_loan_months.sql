-- Months for which banks owe their loans, and how many of the banks have told of them.
select
    month_no,
    month,
    cast(count(*) as integer) as banks,
    cast(sum(case when is_covered then 1 else 0 end) as integer) as banks_reported,
    max(case when is_begun then 1 else 0 end) = 1 as is_begun,
    {{ gravest_reason('reason_if_absent') }} as reason_if_absent
from {{ ref('int_reporting_months') }}
where kind = 'bank' and feed = 'loan'
group by month_no, month
