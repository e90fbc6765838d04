{{ config(materialized='table') }}

-- Months for which a township or bank owes a ledger, with how far what it sent reaches.
with owed as (
    select
        obligations.organisation_code,
        obligations.district_code,
        obligations.kind,
        obligations.feed,
        months.month_no,
        months.month,
        {{ gravest_reason('obligations.reason_if_absent') }} as reason_if_absent
    from {{ ref('int_obligations') }} as obligations
    inner join {{ ref('int_months') }} as months
        on months.month_no between obligations.first_month_no and obligations.last_month_no
    where months.month <= {{ as_of() }}
    group by
        obligations.organisation_code,
        obligations.district_code,
        obligations.kind,
        obligations.feed,
        months.month_no,
        months.month
)

select
    owed.organisation_code,
    owed.district_code,
    owed.kind,
    owed.feed,
    owed.month_no,
    owed.month,
    coalesce(coverage.covered_until >= owed.month, false) as is_begun,
    coalesce(coverage.covered_until >= {{ month_end_of_no('owed.month_no') }}, false) as is_covered,
    owed.reason_if_absent
from owed
left join {{ ref('int_ledger_coverage') }} as coverage
    on owed.organisation_code = coverage.organisation_code and owed.feed = coverage.feed
