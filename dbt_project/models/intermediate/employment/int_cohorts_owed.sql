-- Each district and month for which it owes placement ledgers, at each horizon; is_begun once one of them has come.
select
    months.district_code,
    months.month_no,
    horizons.horizon_days,
    months.is_begun,
    months.townships,
    months.townships_reported,
    months.reason_if_absent
from {{ ref('int_district_reporting_months') }} as months
cross join {{ ref('int_horizons') }} as horizons
where months.feed = 'placement'
