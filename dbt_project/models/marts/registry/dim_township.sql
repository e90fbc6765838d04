select
    townships.township_code,
    townships.township_name,
    townships.district_code,
    districts.district_name,
    townships.opened_on,
    townships.closed_on
from {{ ref('int_townships') }} as townships
left join {{ ref('int_districts') }} as districts on townships.district_code = districts.district_code
