-- Each district and month for which it owes placement ledgers, at each horizon; is_begun once one of them has come.
select
    months.*,
    horizons.horizon_days
from {{ ref('int_district_reporting_months') }} as months
cross join {{ ref('int_horizons') }} as horizons
where months.feed = 'placement'
